// Package delivery gets issues to chats, each message once, and with books that say what
// became of each.
//
//	s := sender.New(api, store, sender.Config{Rate: 30, Log: log})
//	broadcaster := delivery.NewBroadcaster(store, s, notify, delivery.Config{Log: log})
//	go s.Run(ctx)
//	go broadcaster.Run(ctx)
//
// The [Broadcaster] works through deliveries, whose progress is on record before and after
// each message. An [Event] is what people should hear of.
package delivery
