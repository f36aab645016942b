const byId = id => document.getElementById(id);

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const json = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) {
    throw new Error(json.message);
  }
  return json;
}

/** Does something, then shows how things are. */
function doing(action) {
  return async event => {
    event?.preventDefault();
    try {
      await action();
      showProblem("");
    } catch (problem) {
      showProblem(problem.message);
    }
    await refresh();
  };
}

function showProblem(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = text === "";
}

function button(text, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", doing(action));
  return made;
}

function row(cells) {
  const made = document.createElement("tr");
  for (const cell of cells) {
    const td = document.createElement("td");
    td.append(...[cell].flat());
    made.append(td);
  }
  return made;
}

/** Fills a list of choices and keeps what was chosen. */
function choices(select, options) {
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  if (options.some(([value]) => value === chosen)) {
    select.value = chosen;
  }
}

const path = number => `sim/subscribers/${encodeURIComponent(number)}`;
const nameOf = subscriber => subscriber.name ?? [subscriber.givenName, subscriber.familyName].filter(Boolean).join(" ");
const day = text => (text ?? "").slice(0, 16).replace("T", " ");

function showNetwork(network, radio, names) {
  const addresses = [...new Set([...Object.keys(network), ...Object.keys(radio)])].sort();
  byId("network").replaceChildren(...addresses.map(address => row([
    address,
    network[address] ? `${network[address]} ${names.get(network[address]) ?? ""}` : "none (Wi-Fi)",
    network[address] ? [button("Detach", () => call("DELETE", `sim/network/${address}`))] : "",
    radio[address] ?? (address.startsWith("127.") ? button("Open", () => call("POST", `sim/radio/${address}`)) : ""),
  ])));
}

function showSubscribers(subscribers) {
  const now = () => new Date().toISOString().slice(0, 19) + "Z";
  byId("subscribers").replaceChildren(...subscribers.map(subscriber => row([
    subscriber.msisdn,
    nameOf(subscriber),
    day(subscriber.simSwappedAt),
    day(subscriber.recycledAt),
    [
      subscriber.simSwappedAt
        ? button("Never swapped", () => call("PATCH", path(subscriber.msisdn), { simSwappedAt: null }))
        : button("Swap SIM now", () => call("PATCH", path(subscriber.msisdn), { simSwappedAt: now() })),
      subscriber.recycledAt
        ? button("Never recycled", () => call("PATCH", path(subscriber.msisdn), { recycledAt: null }))
        : button("Recycle now", () => call("PATCH", path(subscriber.msisdn), { recycledAt: now() })),
    ],
  ])));
}

function showFaults(sets) {
  const told = set => [
    ...set.faults,
    ...Object.entries(set.latency).map(([stage, seconds]) => `${stage} waits ${seconds} s`),
    ...Object.entries(set.status).map(([stage, status]) => `${stage} answers ${status}`),
  ].join(", ");
  const rows = sets.filter(set => told(set) !== "").map(set => row([set.msisdn ?? "everybody", told(set)]));
  byId("faults").replaceChildren(...(rows.length > 0 ? rows : [row(["nobody", "all is well"])]));
}

function showLog(calls) {
  byId("log").replaceChildren(...calls.slice(-30).reverse().map(entry => {
    const made = row([
      entry.at.slice(11, 19), `${entry.method} ${entry.path}`, String(entry.status), entry.address, entry.client ?? "",
      entry.number ?? "", entry.note ?? ""]);
    made.children[2].classList.toggle("bad", entry.status >= 400);
    made.children[5].classList.add("number");
    return made;
  }));
}

async function refresh() {
  const [about, clients, subscribers, network, faults, log] = await Promise.all(
    ["sim", "sim/clients", "sim/subscribers", "sim/network", "sim/faults", "sim/log"].map(path => call("GET", path)));
  const names = new Map(subscribers.map(subscriber => [subscriber.msisdn, nameOf(subscriber)]));
  const numbers = subscribers.map(subscriber => [subscriber.msisdn, `${subscriber.msisdn} ${nameOf(subscriber)}`]);
  byId("about").textContent = `Issuer ${about.issuer} · clients: ${clients.map(client => client.client_id).join(", ") || "none yet"}`;
  showNetwork(network, about.radio, names);
  showSubscribers(subscribers);
  showFaults(faults);
  showLog(log);
  choices(byId("attach").elements.msisdn, numbers);
  choices(byId("fault").elements.msisdn, [["", "everybody"], ...numbers]);
  choices(byId("fault").elements.fault, [["", ""], ...about.faults.map(fault => [fault, fault])]);
}

byId("attach").addEventListener("submit", event => doing(() => {
  const { address, msisdn } = event.target.elements;
  return call("PUT", `sim/network/${encodeURIComponent(address.value.trim())}`, { msisdn: msisdn.value });
})(event));

byId("fault").addEventListener("submit", event => doing(() => {
  const { msisdn, fault, stage, seconds } = event.target.elements;
  return call("PUT", "sim/faults", {
    msisdn: msisdn.value || null,
    faults: fault.value ? [fault.value] : [],
    latency: stage.value ? { [stage.value]: Number(seconds.value) } : {},
  });
})(event));

byId("no-faults").addEventListener("click", doing(() => call("DELETE", "sim/faults")));
byId("reset").addEventListener("click", doing(() => call("POST", "sim/reset")));

/** Shows how things are every two seconds, unless somebody is choosing something. */
async function follow() {
  if (document.activeElement?.tagName !== "SELECT") {
    await refresh().catch(() => showProblem("The operator does not answer."));
  }
  setTimeout(follow, 2000);
}
await follow();
