-- v14 -> v15: failed deliveries are found, and counted, without a look at all others

CREATE INDEX deliveries_failed ON deliveries (issue_id, broadcast_id, reason) WHERE state = 'failed';
