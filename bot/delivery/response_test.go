package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// TestResponses sends one message into each kind of fault, through the real client
// library.
func TestResponses(t *testing.T) {
	type responses map[sender.Kind][]telegramsim.Refusal
	for want, refusals := range (responses{
		sender.Gone: {
			telegramsim.BotBlocked, telegramsim.UserDeactivated, telegramsim.KickedGroup, telegramsim.KickedSupergroup,
			telegramsim.KickedChannel, telegramsim.NotInGroup, telegramsim.NotInSupergroup, telegramsim.NotInChannel,
			telegramsim.GroupDeleted, telegramsim.CannotInitiate, telegramsim.CannotWriteToBots, telegramsim.ChatNotFound,
			telegramsim.PrivateNotFound, telegramsim.PeerInvalid, "Bad Request: USER_IS_BLOCKED", "Bad Request: INPUT_USER_DEACTIVATED",
			"Bad Request: USER_BOT_INVALID", "Bad Request: USER_IS_BOT", "Bad Request: USER_DELETED", "Bad Request: CHANNEL_PRIVATE",
			"Bad Request: CHANNEL_PUBLIC_GROUP_NA", "Bad Request: CHAT_ID_INVALID", "Bad Request: CHANNEL_INVALID",
			"Bad Request: can't access the chat", "Forbidden: bot can't send messages to bots",
		},
		sender.TopicGone: {telegramsim.ThreadNotFound, telegramsim.TopicClosed, telegramsim.TopicDeleted},
		sender.NotAllowed: {
			telegramsim.NoRightsText, telegramsim.NoRightsPhotos, telegramsim.NoRightsToSend, telegramsim.WriteForbidden,
			telegramsim.ChannelRights, telegramsim.AdminRequired, "Bad Request: CHAT_RESTRICTED", "Bad Request: have no write access to the chat",
			"Bad Request: USER_BANNED_IN_CHANNEL", "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", "Bad Request: CHAT_GUEST_SEND_FORBIDDEN",
			"Bad Request: ALLOW_PAYMENT_REQUIRED_10", "Bad Request: not enough rights to send the rich message to the chat",
		},
		sender.NoPreview: {
			"Bad Request: CHAT_SEND_WEBPAGE_FORBIDDEN", "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN", "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN",
		},
		sender.ContentFault: {
			telegramsim.CannotParse, telegramsim.MessageTooLong, telegramsim.TextTooLong, telegramsim.TextEmpty, telegramsim.TextBlank,
			telegramsim.CaptionTooLong, telegramsim.CaptionTooLongRaw, telegramsim.EntitiesTooLong, telegramsim.ButtonDataInvalid, telegramsim.MarkupTooLong,
			"Bad Request: MESSAGE_TOO_LONG", "Bad Request: MESSAGE_EMPTY", "Bad Request: ENTITY_BOUNDS_INVALID", "Bad Request: ENTITY_MENTION_USER_INVALID",
			"Bad Request: REPLY_MARKUP_INVALID", "Bad Request: BUTTON_URL_INVALID", "Bad Request: BUTTON_TYPE_INVALID", "Bad Request: URL_INVALID",
			"Bad Request: field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays",
			"Bad Request: field \"inline_keyboard\" must be of type Array", "Bad Request: object expected as reply markup",
			"Bad Request: can't parse reply keyboard markup JSON object", "Bad Request: can't parse inline keyboard button: Field \"url\" must be of type String",
			"Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL", "Bad Request: inline keyboard button text must be non-empty",
			"Bad Request: WEBPAGE_NOT_FOUND", "Bad Request: WEBPAGE_URL_INVALID", "Bad Request: wrong HTTP URL specified",
			"Bad Request: failed to get HTTP URL content", "Bad Request: wrong type of the web page content",
			"Bad Request: wrong file identifier/HTTP URL specified", "Bad Request: object expected as link preview options",
		},
		sender.Sent: {telegramsim.NotModified, telegramsim.DeletedAtOnce},
		sender.MessageGone: {
			telegramsim.EditNotFound, telegramsim.EditForbidden, telegramsim.DeleteNotFound, telegramsim.DeleteForbidden, telegramsim.NoTextToEdit,
			telegramsim.MessageIDInvalid, telegramsim.CopyNotFound, "Bad Request: MESSAGE_EDIT_TIME_EXPIRED", "Bad Request: MESSAGE_AUTHOR_REQUIRED",
		},
		sender.Refused:      {telegramsim.ReplyNotFound, telegramsim.CopyForbidden, telegramsim.QueryTooOld, telegramsim.MethodNotFound, "Bad Request: something new", "Forbidden: something new"},
		sender.Unauthorized: {telegramsim.Unauthorized, telegramsim.NotFound},
		sender.Conflict:     {telegramsim.OtherPoller, telegramsim.WebhookActive},
		sender.Down:         {telegramsim.InternalError, telegramsim.RestartingRefusal, odd},
		sender.Uncertain: {
			"Internal Server Error: Request aborted", "Internal Server Error: receive local as sent message",
			"Internal Server Error: receive invalid message identifier as sent message identifier",
		},
	}) {
		for _, refusal := range refusals {
			t.Run(string(refusal), func(t *testing.T) {
				checkResponse(t, telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: refusal}, want)
			})
		}
	}
	for fault, want := range map[telegramsim.Kind]sender.Kind{
		telegramsim.TooMany:          sender.Wait,
		telegramsim.ServerError:      sender.Down,
		telegramsim.RefuseConnection: sender.Down,
		telegramsim.GatewayTimeout:   sender.Uncertain,
		telegramsim.Reset:            sender.Uncertain,
		telegramsim.LoseAnswer:       sender.Uncertain,
		telegramsim.Truncate:         sender.Uncertain,
		telegramsim.BadJSON:          sender.Uncertain,
		telegramsim.Hang:             sender.Uncertain,
		telegramsim.HangAfter:        sender.Uncertain,
		telegramsim.WrongToken:       sender.Unauthorized,
		telegramsim.Rival:            sender.Conflict,
	} {
		t.Run(string(fault), func(t *testing.T) {
			checkResponse(t, telegramsim.Fault{Kind: fault, RetryAfter: 7}, want)
		})
	}
}

// After which refusals a simpler form of the message may be accepted.
func TestRefusalsThatMayBeOfTheForm(t *testing.T) {
	for err, want := range map[error]bool{
		fmt.Errorf("%w, Bad Request: something new", tg.ErrorBadRequest):                   true,
		fmt.Errorf("%w, Bad Request: BUTTON_TYPE_INVALID", tg.ErrorBadRequest):             true,
		fmt.Errorf("%w, Bad Request: can't parse entities: odd", tg.ErrorBadRequest):       true,
		fmt.Errorf("%w, Forbidden: something new", tg.ErrorForbidden):                      false,
		fmt.Errorf("%w, Bad Request: chat not found", tg.ErrorBadRequest):                  false,
		fmt.Errorf("%w, Bad Request: message to be replied not found", tg.ErrorBadRequest): false,
	} {
		if r := sender.Classify(err); r.Simpler != want {
			t.Errorf("%v may be of the form: %v, want %v", err, r.Simpler, want)
		}
	}
}

func checkResponse(t *testing.T, fault telegramsim.Fault, want sender.Kind) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sim := telegramsim.ForTest(t, telegramsim.Options{})
		defer sim.Close()
		api, err := tg.New(sim.Token(), tg.WithSkipGetMe(), tg.WithHTTPClient(time.Minute, sender.NewClient(sim.Client())))
		if err != nil {
			t.Fatal(err)
		}
		reader := sim.NewPerson("Reader")
		reader.Write("/start")
		sim.Inject(fault)
		ctx, cancel := timeout(t, 10*time.Second)
		defer cancel()
		_, err = api.SendMessage(ctx, &tg.SendMessageParams{ChatID: reader.ID(), Text: "x"})
		// A wrapped error is still recognised.
		got := sender.Classify(fmt.Errorf("wrapped: %w", err))
		if got.Kind != want {
			t.Errorf("Classify(%v) = %s, want %s", err, got.Kind, want)
		}
		if want == sender.Wait && got.RetryAfter != 7*time.Second {
			t.Errorf("RetryAfter = %v, want 7 s", got.RetryAfter)
		}
	})
}

func TestMigrationIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		owner := w.readers(1)[0]
		group := w.sim.NewGroup("Readers", owner)
		group.AddBot(owner)
		sub := w.subscribe(subscribers.Chat{ID: group.ID, Kind: subscribers.Group})
		w.start()
		b := w.broadcast(w.issue(1))
		time.Sleep(2500 * time.Millisecond)
		upgraded := group.Upgrade()
		w.await(b, subscribers.Done)
		got := append(w.got(group.ID), w.got(upgraded.ID)...)
		if !slices.Equal(got, everything()) {
			t.Errorf("the group received %q before and after, want everything once", got)
		}
		now, err := w.store.Subscriber(t.Context(), upgraded.ID, 0)
		if err != nil || now.ID != sub.ID {
			t.Errorf("the supergroup's subscriber is %+v (%v), want %d", now, err, sub.ID)
		}
		if to := w.bot.sender.MovedTo(group.ID); to != upgraded.ID {
			t.Errorf("answers to the group go to %d, want the supergroup %d", to, upgraded.ID)
		}
		w.books(b)
	})
}

func TestLostTopicFallsBackToTheGroup(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		owner := readers[0]
		forum := w.sim.NewForum("Readers", owner)
		forum.AddBot(owner)
		thread := forum.NewTopic(owner, "Digest")
		w.subscribe(subscribers.Chat{ID: forum.ID, Thread: thread, Kind: subscribers.Supergroup})
		b := w.broadcast(w.issue(1))
		time.Sleep(2500 * time.Millisecond)
		forum.DeleteTopic(thread)
		w.await(b, subscribers.Done)
		w.wantGot(forum.ID, everything()...)
		w.books(b)
	})
}

// A reader asks for the issue in a topic that is deleted then, in a group that gets the
// issue anyway. It is not sent again and again.
func TestRequestInALostTopicOfASubscribedGroup(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		owner := readers[0]
		forum := w.sim.NewForum("Readers", owner)
		forum.AddBot(owner)
		thread := forum.NewTopic(owner, "Digest")
		w.subscribe(subscribers.Chat{ID: forum.ID, Kind: subscribers.Supergroup})
		topic := w.subscribe(subscribers.Chat{ID: forum.ID, Thread: thread, Kind: subscribers.Supergroup})
		issue := w.issue(1)
		forum.DeleteTopic(thread)
		if _, err := w.bot.broadcaster.Deliver(t.Context(), issue.ID, topic.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if n := w.sim.Stats().Refused[400]; n != 1 {
			t.Errorf("Telegram refused %d messages to the topic, want one", n)
		}
		b := w.await(w.broadcast(issue), subscribers.Done)
		w.wantGot(forum.ID, everything()...)
		w.books(b)
	})
}

// A chat that refers to another place again and again is given up.
func TestMessagesDoNotGoInCircles(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		club := w.sim.NewForum("Club", readers[0])
		club.AddBot(readers[0])
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: message thread not found", Chat: club.ID})
		w.subscribe(subscribers.Chat{ID: club.ID, Thread: club.NewTopic(readers[0], "Digest"), Kind: subscribers.Supergroup})
		b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
		if n := w.sim.Stats().Faults[telegramsim.Refuse]; n > 6 {
			t.Errorf("the club was sent to %d times", n)
		}
		w.wantGot(readers[0].ID(), everything()...)
		w.books(b)
	})
}

func TestNotAllowedIsToldOnceAndEndsAfterThreeIssues(t *testing.T) {
	inGroup(t, func(t *testing.T, w *world, owner *telegramsim.Person, group *telegramsim.Chat) {
		group.MuteBot(owner)
		for number := range 4 {
			w.await(w.broadcast(w.issue(number+1)), subscribers.Done)
		}
		if n := len(w.bot.saw(delivery.EventNotAllowed)); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
		sub, err := w.store.Subscriber(t.Context(), group.ID, 0)
		if err != nil || sub.State != subscribers.Gone {
			t.Errorf("after three refused issues the group is %v (%v), want gone", sub.State, err)
		}
		w.wantGot(group.ID)
	})
}

// The three issues must be in a row: an issue that gets through restarts the count.
func TestAllowedInBetween(t *testing.T) {
	inGroup(t, func(t *testing.T, w *world, owner *telegramsim.Person, group *telegramsim.Chat) {
		for number, allowed := range []bool{false, false, true, false, false} {
			group.MuteBot(owner)
			if allowed {
				group.DemoteBot(owner) // to an ordinary member
			}
			w.await(w.broadcast(w.issue(number+1)), subscribers.Done)
		}
		w.wantGot(group.ID, everything()...)
		if sub, err := w.store.Subscriber(t.Context(), group.ID, 0); err != nil || sub.State != subscribers.On {
			t.Errorf("the group is %v (%v), want on", sub.State, err)
		}
		if n := len(w.bot.saw(delivery.EventNotAllowed)); n != 2 {
			t.Errorf("told %d times, want of each time that it began", n)
		}
	})
}

func TestManyUnknownChatsPauseTheBroadcast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		for id := range int64(100) { // the database of another bot
			w.subscribe(subscribers.Chat{ID: 500_000 + id, Kind: subscribers.Private})
		}
		w.start()
		b := w.await(w.broadcast(w.issue(1)), subscribers.Paused)
		counts, err := w.store.CountSubscribers(t.Context())
		if err != nil || counts[subscribers.Gone] > 30 {
			t.Errorf("%d subscribers were given up (%v) before the broadcast paused, want about 20", counts[subscribers.Gone], err)
		}
		if b.Reason == (subscribers.PauseReason{}) {
			t.Error("the pause has no reason")
		}
	})
}

// A broadcast pauses after twenty deliveries in a row that ended for an unknown reason,
// or in unknown chats. Nineteen do not pause it, nor do readers who have gone.
func TestDoubtfulEndsInARow(t *testing.T) {
	for _, test := range []struct {
		refusal telegramsim.Refusal
		readers int
		want    subscribers.BroadcastState
	}{
		{telegramsim.ChatNotFound, 19, subscribers.Done},
		{telegramsim.ChatNotFound, 20, subscribers.Paused},
		{"Bad Request: something new", 19, subscribers.Done},
		{"Bad Request: something new", 20, subscribers.Paused},
		{telegramsim.BotBlocked, 25, subscribers.Done},
	} {
		t.Run(fmt.Sprintf("%d %s", test.readers, test.refusal), func(t *testing.T) {
			inBubble(t, test.readers+1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				for _, r := range readers[1:] {
					w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: test.refusal, Chat: r.ID()})
				}
				// Or the broadcast may be over before it is paused.
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 60, Chat: readers[0].ID(), Times: 1})
				if b := w.await(w.broadcast(w.issue(1)), subscribers.Done, subscribers.Paused); b.State != test.want {
					t.Errorf("the broadcast is %s (%s), want %s", b.State, b.Reason, test.want)
				}
			})
		})
	}
}

// Messages that get through in between show that all is well. Twelve deliveries end with
// the first message and twelve with the third, and everybody else gets the second in
// between.
func TestDoubtfulEndsInBetween(t *testing.T) {
	inBubble(t, 30, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		for i, r := range readers[:24] {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: something new", Chat: r.ID(), After: i / 12 * 2})
		}
		b := w.await(w.broadcast(w.issue(1)), subscribers.Done, subscribers.Paused)
		if b.State != subscribers.Done {
			t.Errorf("the broadcast is %s (%s), want done", b.State, b.Reason)
		}
		if n := w.books(b).Sum(subscribers.OutcomeFailed); n != 12*6+12*4 {
			t.Errorf("%d messages failed, want %d", n, 12*6+12*4)
		}
	})
}
