// Package delivery gets messages to chats: as fast as Telegram allows and no faster,
// each message once, and with books that say what became of each.
//
//	sender := delivery.NewSender(api, store, delivery.SenderOptions{Rate: 30, Log: log})
//	broadcaster := delivery.NewBroadcaster(store, sender, notify, delivery.Options{Log: log})
//	go sender.Run(ctx)
//	go broadcaster.Run(ctx)
//
// The [Sender] is the one way out: every message and every edit goes through it, in one
// of four lanes. The [Broadcaster] works through deliveries, whose progress is on record
// before and after each message. [Classify] says what an answer of Telegram means, and
// the library needs a [Client] for that. An [Event] is what people should hear of.
package delivery
