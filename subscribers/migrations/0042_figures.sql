-- v41 -> v42: who was imported is counted apart from who joined, and subscribers are counted quickly

-- A subscriber that is new and unconfirmed comes from an import.
DROP TRIGGER turnover_new;
CREATE TRIGGER turnover_new AFTER INSERT ON subscribers WHEN NEW.state = 'on' BEGIN
    INSERT INTO turnover (at, change, reason, subscribers)
    VALUES (NEW.updated_at - NEW.updated_at % 900, 'join', iif(NEW.unconfirmed > 0, 'imported', ''), 1)
    ON CONFLICT (at, change, reason) DO UPDATE SET subscribers = subscribers + 1;
END;

-- Figures of subscribers are counted in this index alone. Its first column is one by which
-- nobody looks for subscribers, so that no other statement goes through it.
CREATE INDEX subscribers_figures ON subscribers (iif(chosen_language > '', chosen_language, language), kind, layout, state);
