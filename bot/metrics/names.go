package metrics

import "github.com/prometheus/client_golang/prometheus"

// metric is one of the program's own figures.
type metric struct {
	*prometheus.Desc
	name string
	kind prometheus.ValueType
}

// put reports a value. labels are those of the metric, in its order.
func (m metric) put(to chan<- prometheus.Metric, value float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(m.Desc, m.kind, value, labels...)
}

// all has every metric of the program's own.
var all []metric

func add(kind prometheus.ValueType, name, help string, labels ...string) metric {
	m := metric{prometheus.NewDesc("digestbot_"+name, help, labels, nil), "digestbot_" + name, kind}
	all = append(all, m)
	return m
}

func counter(name, help string, labels ...string) metric {
	return add(prometheus.CounterValue, name, help, labels...)
}

func gauge(name, help string, labels ...string) metric {
	return add(prometheus.GaugeValue, name, help, labels...)
}

// What is sent.
var (
	messages     = counter("messages_total", "Messages and edits handed to Telegram, by lane and by what its answer means.", "lane", "outcome")
	messageTime  = add(prometheus.UntypedValue, "message_duration_seconds", "Time from handing a message or edit to Telegram to its answer.", "lane")
	messageWait  = add(prometheus.UntypedValue, "message_wait_seconds", "Time that a message has waited for its slot.", "lane")
	queued       = gauge("queued_messages", "Messages that wait for their slot.", "lane")
	inFlight     = gauge("messages_in_flight", "Messages and edits without an answer yet.")
	floods       = counter("too_many_requests_total", "Answers of Telegram that order a wait (429), of one chat or of the whole bot.", "scope")
	floodSeconds = counter("ordered_wait_seconds_total", "Waits that Telegram has ordered, one added to another.", "scope")
	held         = gauge("held_seconds", "How long nothing goes out yet, because Telegram makes the whole bot wait; 0: it does not.")
	rate         = gauge("rate_messages_per_second", "Messages per second that the bot allows itself now.")
	rateLimit    = gauge("rate_limit_messages_per_second", "Messages per second that the bot allows itself at most, see --rate.")
	outage       = gauge("telegram_down", "1 while nothing goes out because Telegram is down.")
)

// What comes in.
var (
	updates        = counter("updates_received_total", "Updates that have come from Telegram, by kind.", "kind")
	unhandled      = gauge("updates_unhandled", "Updates that have come and are not answered yet.")
	activeChats    = gauge("active_chats", "Chats in which something is being answered.")
	lastUpdate     = gauge("updates_last_received_timestamp_seconds", "When the last update came since the start; 0: none has.")
	lastFetch      = gauge("updates_last_fetch_timestamp_seconds", "When Telegram last gave updates or said that there are none, or confirmed the webhook; 0: not since the start.")
	lastAnswer     = gauge("telegram_last_answer_timestamp_seconds", "When Telegram last answered anything; 0: not since the start.")
	clockOffset    = gauge("telegram_clock_offset_seconds", "How far the clock of this machine is ahead of Telegram's, which says only whole seconds.")
	hookPending    = gauge("webhook_pending_updates", "Updates that wait with Telegram; only with a webhook.")
	hookLastFailed = gauge("webhook_last_error_timestamp_seconds", "When Telegram last did not get through to the webhook; 0: never; only with a webhook.")
	begin          = gauge("start_timestamp_seconds", "When the program was started.")
	healthy        = gauge("healthy", "1 if /healthz answers 200.")
	troubles       = gauge("troubles", "What is wrong for a while, by kind; of sources how many of them.", "kind")
)

// Broadcasts and the schedule.
var (
	readers     = gauge("broadcast_readers", "Readers of the last broadcast, by how their delivery stands.", "state")
	outcomes    = gauge("broadcast_messages", "Messages of the last broadcast, by what became of them.", "outcome")
	expected    = gauge("broadcast_messages_expected", "Readers of the last broadcast times its messages: what its books have to add up to.")
	broadcastIs = gauge("broadcast_state", "1 for the state of the last broadcast, 0 for the others.", "state")
	started     = gauge("broadcast_started_timestamp_seconds", "When the last broadcast was started.")
	finished    = gauge("broadcast_finished_timestamp_seconds", "When the last broadcast ended; 0: it has not.")
	lastGood    = gauge("broadcast_last_good_timestamp_seconds", "When the last good broadcast ended: nobody failed but for a fault of Telegram's; 0: there was none.")
	unfinished  = gauge("broadcasts_unfinished", "Broadcasts that are not over, by state.", "state")
	unbalanced  = gauge("broadcasts_unbalanced", "Broadcasts that are held because their books do not balance.")
	nextRun     = gauge("schedule_next_run_timestamp_seconds", "When the schedule is due next; 0: never.")
	lastRun     = gauge("schedule_last_run_timestamp_seconds", "When the schedule was due last; 0: not since the database was made.")
	lastGoodRun = gauge("schedule_last_good_run_timestamp_seconds", "When the schedule's last good run was due: its readers have the issue; 0: none of the last fifty is good.")
	runOutcome  = gauge("schedule_last_run_outcome", "1 for what the last run led to; 0 for the rest, and for all while nothing is on record of it.", "outcome")
	pingFails   = gauge("ping_failures", "Attempts in a row at which the address of --ping-url took no ping; only with --ping-url.")
	pingTaken   = gauge("ping_last_success_timestamp_seconds", "When it took the last ping; 0: none since the start; only with --ping-url.")
	lastRound   = gauge("scheduler_last_round_timestamp_seconds", "When the scheduler last looked at the clock; 0: not since the start.")
)

// Subscribers, issues, sources, files.
var (
	subscribersAre = gauge("subscribers", "Subscribers by state.", "state")
	paused         = gauge("subscribers_paused", "Subscribers that are on and have a pause.")
	unconfirmed    = gauge("subscribers_unconfirmed", "Subscribers that an import has brought, and no message has reached since.")
	issues         = gauge("issues", "Issues that readers are shown.")
	sourceUp       = gauge("source_up", "1 if the last look at the source got an answer, and before the first.", "source")
	sourceFailures = gauge("source_failures", "Looks in a row that failed.", "source")
	sourceFaulty   = gauge("source_faulty", "1 if something is wrong with the source or its documents.", "source")
	sourceLooked   = gauge("source_last_look_timestamp_seconds", "When the source was last looked at; 0: never.", "source")
	sourceDue      = gauge("source_look_due_timestamp_seconds", "When --poll made or makes the next look due after the last one; 0: never.", "source")
	sourceAnswered = gauge("source_last_success_timestamp_seconds", "When the source last answered; 0: never.", "source")
	sourceIssue    = gauge("source_last_issue_timestamp_seconds", "When the last issue came from the source; 0: none has since it is known.", "source")
	sourceWaiting  = gauge("source_waiting_entries", "Entries of a feed that wait to be gathered into an issue.", "source")
	fileSize       = gauge("file_size_bytes", "Size of the database and of the files beside it.", "file")
	diskFree       = gauge("disk_free_bytes", "Free space on the disk of the database.")
	diskSize       = gauge("disk_size_bytes", "Size of the disk of the database.")
	readable       = gauge("database_readable", "1 if the database answered this scrape; else what is counted in it is left out.")
	buildInfo      = gauge("build_info", "1, with what the program is.", "version", "commit", "goversion", "sqlite", "bot_api")
)
