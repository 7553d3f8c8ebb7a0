package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// TestOutcomes sends one message into each fault there is, through the real
// client library.
func TestOutcomes(t *testing.T) {
	type outcomes map[delivery.Kind][]telegramsim.Refusal
	for want, refusals := range (outcomes{
		delivery.Gone: {
			telegramsim.BotBlocked, telegramsim.UserDeactivated, telegramsim.KickedGroup, telegramsim.KickedSupergroup,
			telegramsim.KickedChannel, telegramsim.NotInGroup, telegramsim.NotInSupergroup, telegramsim.NotInChannel,
			telegramsim.GroupDeleted, telegramsim.CannotInitiate, telegramsim.CannotWriteToBots, telegramsim.ChatNotFound,
			telegramsim.PrivateNotFound, telegramsim.PeerInvalid, "Bad Request: USER_IS_BLOCKED", "Bad Request: INPUT_USER_DEACTIVATED",
			"Bad Request: USER_BOT_INVALID",
		},
		delivery.TopicGone:  {telegramsim.ThreadNotFound, telegramsim.TopicClosed, telegramsim.TopicDeleted},
		delivery.NotAllowed: {telegramsim.NoRightsText, telegramsim.NoRightsPhotos, telegramsim.NoRightsToSend, telegramsim.WriteForbidden, telegramsim.ChannelRights, "Bad Request: CHAT_RESTRICTED"},
		delivery.ContentFault: {
			telegramsim.CannotParse, telegramsim.MessageTooLong, telegramsim.TextTooLong, telegramsim.TextEmpty, telegramsim.TextBlank,
			telegramsim.CaptionTooLong, telegramsim.CaptionTooLongRaw, telegramsim.EntitiesTooLong, telegramsim.ButtonDataInvalid, telegramsim.MarkupTooLong,
		},
		delivery.Sent:        {telegramsim.NotModified},
		delivery.MessageGone: {telegramsim.EditNotFound, telegramsim.EditForbidden, telegramsim.DeleteNotFound, telegramsim.DeleteForbidden},
		delivery.Refused:     {telegramsim.ReplyNotFound},
		delivery.Fatal:       {telegramsim.Unauthorized, telegramsim.NotFound, telegramsim.OtherPoller, telegramsim.WebhookActive},
	}) {
		for _, refusal := range refusals {
			t.Run(string(refusal), func(t *testing.T) {
				checkOutcome(t, telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: refusal}, want)
			})
		}
	}
	for fault, want := range map[telegramsim.Kind]delivery.Kind{
		telegramsim.TooMany:          delivery.Wait,
		telegramsim.ServerError:      delivery.Later,
		telegramsim.RefuseConnection: delivery.Later,
		telegramsim.GatewayTimeout:   delivery.Uncertain,
		telegramsim.Reset:            delivery.Uncertain,
		telegramsim.LoseAnswer:       delivery.Uncertain,
		telegramsim.Truncate:         delivery.Uncertain,
		telegramsim.BadJSON:          delivery.Uncertain,
		telegramsim.Hang:             delivery.Uncertain,
		telegramsim.HangAfter:        delivery.Uncertain,
		telegramsim.WrongToken:       delivery.Fatal,
		telegramsim.Rival:            delivery.Fatal,
	} {
		t.Run(string(fault), func(t *testing.T) {
			checkOutcome(t, telegramsim.Fault{Kind: fault, RetryAfter: 7}, want)
		})
	}
}

func checkOutcome(t *testing.T, fault telegramsim.Fault, want delivery.Kind) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sim := telegramsim.New(telegramsim.Options{})
		defer sim.Close()
		api, err := tg.New(sim.Token(), tg.WithSkipGetMe(), tg.WithHTTPClient(time.Minute, delivery.NewClient(sim.Client())))
		if err != nil {
			t.Fatal(err)
		}
		reader := sim.NewPerson("Reader")
		reader.Write("/start")
		sim.Inject(fault)
		ctx, cancel := timeout(t, 10*time.Second)
		defer cancel()
		_, err = api.SendMessage(ctx, &tg.SendMessageParams{ChatID: reader.ID(), Text: "x"})
		// What wraps an error must not hide what it is.
		got := delivery.Classify(fmt.Errorf("wrapped: %w", err))
		if got.Kind != want {
			t.Errorf("Classify(%v) = %s, want %s", err, got.Kind, want)
		}
		if want == delivery.Wait && got.RetryAfter != 7*time.Second {
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
		w.books(b)
	})
}

func TestLostTopicFallsBackToTheGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		owner := w.readers(1)[0]
		forum := w.sim.NewForum("Readers", owner)
		forum.AddBot(owner)
		thread := forum.NewTopic(owner, "Digest")
		w.subscribe(subscribers.Chat{ID: forum.ID, Thread: thread, Kind: subscribers.Supergroup})
		w.start()
		b := w.broadcast(w.issue(1))
		time.Sleep(2500 * time.Millisecond)
		forum.DeleteTopic(thread)
		w.await(b, subscribers.Done)
		w.wantGot(forum.ID, everything()...)
		w.books(b)
	})
}

func TestNotAllowedIsToldOnceAndEndsAfterThreeIssues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		owner := w.readers(1)[0]
		group := w.sim.NewSupergroup("Readers", owner)
		group.AddBot(owner)
		w.subscribe(subscribers.Chat{ID: group.ID, Kind: subscribers.Supergroup})
		group.MuteBot(owner)
		w.start()
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

func TestContentFaultPausesAndGoesOnAsPlainText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		readers := w.readers(40)
		w.start()
		remove := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse})
		b := w.await(w.broadcast(w.issue(1)), subscribers.Paused)
		paused := w.bot.saw(delivery.EventPaused)
		if len(paused) != 1 || paused[0].Broadcast.ID != b.ID {
			t.Fatalf("paused events are %+v, want one for the broadcast", paused)
		}
		if n := w.sim.Stats().Sent; n != 0 {
			t.Errorf("%d messages were sent", n)
		}
		remove()
		if changed, err := w.store.ResumeBroadcast(t.Context(), b.ID, 1); err != nil || !changed {
			t.Fatal(changed, err)
		}
		w.bot.broadcaster.Wake()
		w.await(b, subscribers.Done)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
			messages := r.Chat().FromBot()
			if messages[0].ParseMode != "" || messages[1].ParseMode == "" {
				t.Fatalf("parse modes are %q and %q, want only the refused message plain", messages[0].ParseMode, messages[1].ParseMode)
			}
		}
		w.books(b)
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
