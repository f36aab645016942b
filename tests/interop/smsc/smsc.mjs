// An operator's SMSC to test against: SMPP 3.4 on a free port of loopback. What happens to a text is in the last three digits of its number:
//   000 not delivered    001 expired           002 throttled (0x58)            003 invalid destination (0x0B)
//   004 no receipt       005 receipt twice     006 receipt before the answer   any other: delivered
// It writes what happens as lines of JSON, and takes {"write":{from,to,text}} (a person writes), {"down":true} and {"up":true} as lines of JSON.
import { createInterface } from 'node:readline';
import smpp from 'smpp';

const [systemId, password] = process.argv.slice(2);
const say = (event, more = {}) => process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
const bound = new Set();
const parts = new Map();
let port = 0;
let next = 0;
let server;

function listen() {
  server = smpp.createServer((session) => {
    for (const kind of ['bind_transceiver', 'bind_transmitter', 'bind_receiver']) {
      session.on(kind, (pdu) => {
        const isRight = pdu.system_id === systemId && pdu.password === password;
        session.send(pdu.response({ command_status: isRight ? smpp.ESME_ROK : smpp.ESME_RINVPASWD, system_id: 'smsc' }));
        if (isRight) bound.add(session);
        say(isRight ? 'bound' : 'bind refused', { kind });
      });
    }
    session.on('submit_sm', (pdu) => take(session, pdu));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); });
    session.on('close', () => bound.delete(session));
    session.on('error', () => bound.delete(session));
  });
  server.listen(port, '127.0.0.1', () => {
    port = server.address().port;
    say('listening', { port });
  });
}

function take(session, pdu) {
  const to = pdu.destination_addr;
  const fate = to.slice(-3);
  const refusal = { '002': smpp.ESME_RTHROTTLED, '003': smpp.ESME_RINVDSTADR }[fate];
  if (refusal) {
    session.send(pdu.response({ command_status: refusal }));
    say('refused', { to, status: refusal });
    return;
  }

  const id = `${String(++next).padStart(8, '0')}`;
  const wantsReceipt = (pdu.registered_delivery & 3) === 1;
  const answer = () => session.send(pdu.response({ message_id: id }));
  const report = (stat, err, state) => wantsReceipt && session.deliver_sm(receiptFor(pdu, id, stat, err, state), () => say('reported', { to, stat }));
  if (fate === '006') {
    report('DELIVRD', '000', 2);
    answer();
  } else {
    answer();
    if (fate === '000') report('UNDELIV', '027', 5);
    else if (fate === '001') report('EXPIRED', '004', 3);
    else if (fate !== '004') report('DELIVRD', '000', 2);
    if (fate === '005') report('DELIVRD', '000', 2);
  }
  const { message, udh } = pdu.short_message;
  keep({ id, to, from: pdu.source_addr, coding: pdu.data_coding, validity: pdu.validity_period, text: message ?? '' }, udh);
}

// A long text comes in parts (3GPP TS 23.040, 9.2.3.24.1): it is said once, whole.
function keep(text, udh) {
  const header = (udh ?? []).map((element) => Buffer.from(element)).find((element) => element[0] === 0 && element[1] === 3);
  if (!header) {
    say('submitted', { ...text, parts: 1, lengths: [text.text.length] });
    return;
  }
  const [, , reference, total, number] = header;
  const key = `${text.to} ${reference}`;
  const all = parts.get(key) ?? [];
  all[number - 1] = text;
  parts.set(key, all);
  if (all.filter(Boolean).length === total) {
    parts.delete(key);
    say('submitted', { ...all[0], text: all.map((part) => part.text).join(''), parts: total, lengths: all.map((part) => part.text.length) });
  }
}

// SMPP 3.4, appendix B: in the text, and in the parameters that came later.
function receiptFor(pdu, id, stat, err, state) {
  const now = new Date().toISOString().replace(/\D/g, '').slice(2, 12);
  return {
    esm_class: 4,
    source_addr_ton: pdu.dest_addr_ton, source_addr_npi: pdu.dest_addr_npi, source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:${now} done date:${now} stat:${stat} err:${err} text:`,
    receipted_message_id: id,
    message_state: state,
  };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line);
  if (command.write) {
    const { from, to, text } = command.write;
    const [session] = bound;
    session.deliver_sm({ source_addr_ton: 1, source_addr_npi: 1, source_addr: from, destination_addr: to, short_message: text });
  } else if (command.down) {
    server.close();
    for (const session of bound) session.destroy();
    bound.clear();
    say('down');
  } else if (command.up) {
    listen();
  }
}).on('close', () => process.exit(0));

listen();
