package telegramsim_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
)

func TestMedia(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		received(t, sim)
		ann, bob := sim.NewPerson("Ann"), sim.NewPerson("Bob")
		ann.SendSticker("🐝")
		ann.SendPhoto("a bee")
		ann.SendAlbum(2)
		ann.Forward(bob, "/subscribe")
		ann.Pin(ann.Write("hello"))
		got := received(t, sim)
		if len(got) != 7 {
			t.Fatalf("%d updates, want 7", len(got))
		}
		if s := got[0].Message.Sticker; s == nil || s.Emoji != "🐝" || got[0].Message.Text != "" {
			t.Errorf("the sticker is %+v", got[0].Message)
		}
		if m := got[1].Message; len(m.Photo) == 0 || m.Caption != "a bee" || m.MediaGroupID != "" {
			t.Errorf("the picture is %+v", m)
		}
		if a, b := got[2].Message, got[3].Message; a.MediaGroupID == "" || a.MediaGroupID != b.MediaGroupID || len(b.Photo) == 0 {
			t.Errorf("the album is of %q and %q", a.MediaGroupID, b.MediaGroupID)
		}
		f := got[4].Message
		if f.ForwardOrigin == nil || f.ForwardOrigin.MessageOriginUser == nil || f.ForwardOrigin.MessageOriginUser.SenderUser.ID != bob.ID() || f.Text != "/subscribe" {
			t.Errorf("what was forwarded is %+v", f)
		}
		if m := got[6].Message; m.PinnedMessage == nil || m.PinnedMessage.Message == nil || m.PinnedMessage.Message.Text != "hello" || m.Text != "" {
			t.Errorf("the service message is %+v", m)
		}
	})
}

func TestRetitle(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := sim.NewPerson("Ann")
		g := sim.NewSupergroup("Group", ann)
		g.AddBot(ann)
		received(t, sim)
		g.Retitle(ann, "Club")
		got := received(t, sim)
		if len(got) != 1 || got[0].Message.NewChatTitle != "Club" || got[0].Message.Chat.Title != "Club" {
			t.Errorf("a new title comes as %+v", got)
		}
	})
}

// pixel is a picture of one pixel.
var pixel = string(pngOf(1, 1))

func pngOf(w, h int) []byte {
	var buffer bytes.Buffer
	if err := png.Encode(&buffer, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		panic(err) // a buffer takes everything
	}
	return buffer.Bytes()
}

// Telegram looks at the pictures and files that a bot uploads.
func TestUploadsAreLookedAt(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ann := newBot(t, sim), sim.NewPerson("Ann")
		ann.Write("/start")
		for name, test := range map[string]struct {
			data []byte
			want string
		}{
			"a picture":          {pngOf(400, 20), ""},
			"nothing":            {nil, "file must be non-empty"},
			"a text":             {[]byte("PNG"), "IMAGE_PROCESS_FAILED"},
			"much too wide":      {pngOf(401, 20), "PHOTO_INVALID_DIMENSIONS"},
			"much too high":      {pngOf(20, 401), "PHOTO_INVALID_DIMENSIONS"},
			"too large":          {pngOf(5000, 5001), "PHOTO_INVALID_DIMENSIONS"},
			"too many bytes":     {append(pngOf(10, 10), make([]byte, 10<<20)...), "file is too big"},
			"as large as can be": {pngOf(5000, 5000), ""},
		} {
			_, err := b.SendPhoto(t.Context(), &tg.SendPhotoParams{
				ChatID: ann.ID(), Photo: &models.InputFileUpload{Filename: "p.png", Data: bytes.NewReader(test.data)},
			})
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want %q", name, err, test.want)
			}
		}
		_, err := b.SendDocument(t.Context(), &tg.SendDocumentParams{
			ChatID: ann.ID(), Document: &models.InputFileUpload{Filename: "a.csv", Data: strings.NewReader("")},
		})
		if err == nil || !strings.Contains(err.Error(), "file must be non-empty") {
			t.Errorf("an empty file: %v", err)
		}
	})
}
