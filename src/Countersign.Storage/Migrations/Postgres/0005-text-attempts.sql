-- attempts is JSON: gateways, states, times; nothing personal. due_at: when somebody must look at the text again.
ALTER TABLE texts ADD COLUMN attempts text;
ALTER TABLE texts ADD COLUMN due_at bigint;
ALTER TABLE texts ADD COLUMN version bigint NOT NULL DEFAULT 0;
DROP INDEX texts_queued;
CREATE INDEX texts_due_at ON texts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX texts_flow_id ON texts (flow_id);
-- Texts that were left queued by a process that died.
UPDATE texts SET due_at = created_at WHERE state = 0;
