package figures

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/figures"
)

var update = flag.Bool("update", false, "write the golden pictures")

// answerer returns Figures that need no database and no Telegram.
func answerer(t testing.TB) *Figures {
	t.Helper()
	talker, err := talk.New(talk.Config{Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	talker.Self.Store(&models.User{FirstName: "值得关注 Weekly 🐝"})
	return New(talker, Config{Reason: func(_ talk.Speaker, why subscribers.Reason) string { return string(why) }})
}

var today = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// fiveYears are the figures of many subscribers within five years, with a day in each on which
// somebody joins.
func fiveYears(subs int) figures.Figures {
	f := figures.Figures{At: today, Audience: figures.Audience{
		On: subs, Paused: 12, Off: 345, Gone: 67,
		Kinds:      map[subscribers.Kind]int{subscribers.Private: subs * 9 / 10, subscribers.Group: subs / 20, subscribers.Channel: subs / 20},
		Layouts:    map[digest.Layout]int{digest.LayoutSections: subs * 6 / 10, digest.LayoutCompact: subs * 3 / 10, digest.LayoutRich: subs / 10},
		MutedWords: figures.Words{Words: 1234, Subscribers: 321},
	}}
	for i, tag := range []string{"zh-Hans", "en", "zh-Hant", "de", "ru", "ar", "und"} {
		f.Audience.Languages = append(f.Audience.Languages, figures.Language{Tag: language.Make(tag), Subscribers: subs / (2 + i*3)})
	}
	for i, name := range []string{
		"值得关注", "🛠️ 工具", "A section with a name that is too long for a picture", "文摘", "言论", "往年回顾", "Картинки", "أخبار", "資源", "ニュース", "AI 相关", "文章", "最后一栏",
	} {
		f.Sections = append(f.Sections, figures.Section{Section: archive.Section{ID: int64(i + 1), Name: name}, Audience: subs - i*subs/20, Muted: i * subs / 20})
	}
	f.Other = &figures.Section{Audience: subs / 3, Muted: subs - subs/3}
	first := today.Truncate(24*time.Hour).AddDate(-5, 0, 3)
	days := daysBetween(first, today)
	on := 0
	for n := 0; n <= days; n++ {
		joined := 2*n*subs/days/days + 1
		left := min(on, n*joined/days/4+n%3)
		on += joined - left
		f.Turnover.Days = append(f.Turnover.Days, figures.Day{
			Date: first.AddDate(0, 0, n), Joined: joined, Left: left, On: on, Reasons: map[subscribers.Reason]int{subscribers.ReasonBlocked: left},
		})
	}
	return f
}

// aFew are the figures of a bot in its second week.
func aFew() figures.Figures {
	day := func(d, joined, left, on int) figures.Day {
		return figures.Day{Date: time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC), Joined: joined, Left: left, On: on, Reasons: map[subscribers.Reason]int{"blocked": left}}
	}
	return figures.Figures{
		At: today,
		Audience: figures.Audience{
			On: 3, Kinds: map[subscribers.Kind]int{subscribers.Private: 3}, Layouts: map[digest.Layout]int{digest.LayoutAuto: 3},
			Languages: []figures.Language{{Tag: language.English, Subscribers: 3}},
		},
		Sections: []figures.Section{{Section: archive.Section{ID: 1, Name: "News"}, Audience: 3}},
		Turnover: figures.Turnover{Days: []figures.Day{day(19, 2, 0, 2), day(24, 3, 2, 3)}},
	}
}

// justOne are the figures of a bot whose only subscriber has come today, and muted a section.
func justOne() figures.Figures {
	return figures.Figures{
		At: today,
		Audience: figures.Audience{
			On: 1, Kinds: map[subscribers.Kind]int{subscribers.Private: 1}, Layouts: map[digest.Layout]int{digest.LayoutSections: 1},
			Languages: []figures.Language{{Tag: language.Chinese, Subscribers: 1}},
		},
		Sections: []figures.Section{{Section: archive.Section{ID: 1, Name: "值得关注"}, Audience: 1}, {Section: archive.Section{ID: 2, Name: "工具"}, Muted: 1}},
		Turnover: figures.Turnover{Days: []figures.Day{{Date: today.Truncate(24 * time.Hour), Joined: 1, On: 1}}},
	}
}

// longNames are the figures of a bot whose sections have long names that begin alike, and to
// which an import brought most of its subscribers.
func longNames() figures.Figures {
	f := fiveYears(1_234_567)
	f.Sections, f.Other = f.Sections[:12], nil
	for i, number := range []rune("一二三四五六七八九十甲乙") {
		f.Sections[i].Name = "这是一个名字特别特别长的栏目之" + string(number)
	}
	days := f.Turnover.Days[len(f.Turnover.Days)-400:]
	days[0].Imported = 700_000
	for i := range days {
		days[i].On += 700_000
	}
	return f
}

// Pictures look as they did when somebody looked at them, with some tolerance: other versions
// of the libraries may draw a line half a pixel elsewhere.
func TestPicturesLookAsTheyDid(t *testing.T) {
	f := answerer(t)
	all := map[string]figures.Figures{"years": fiveYears(100_000), "few": aFew(), "one": justOne(), "long": longNames(), "none": {At: today}}
	for _, name := range []string{"years-zh-hans", "years-zh-hans-dark", "years-en", "years-en-dark", "few-en", "one-zh-hans", "long-zh-hans-dark", "none-zh-hant-dark"} {
		t.Run(name, func(t *testing.T) {
			which, tag, _ := strings.Cut(name, "-")
			tag, dark := strings.CutSuffix(tag, "-dark")
			s := f.SpeakerTo(subscribers.Subscriber{}, tag)
			got, err := f.picture(s, all[which], dark).draw()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+".png")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, path, got, want)
		})
	}
}

// A title that is too long for a picture keeps the day.
func TestLongTitle(t *testing.T) {
	f := answerer(t)
	f.Self.Store(&models.User{FirstName: strings.Repeat("Weekly ", 9)})
	c := f.picture(f.SpeakerTo(subscribers.Subscriber{}, "en"), aFew(), false)
	if !strings.HasPrefix(c.title, "Weekly Weekly") || !strings.HasSuffix(c.title, "30 November 2026") || widthOf([]rune(c.title)) > titleWidth {
		t.Errorf("the title is %q", c.title)
	}
}

// What the typeface lacks is not drawn as boxes: a section has its place in the table instead,
// other names have an ellipsis, and the title is the day.
func TestNamesThatCannotBeDrawn(t *testing.T) {
	f := answerer(t)
	f.Self.Store(&models.User{FirstName: "أخبار"})
	all := fiveYears(100)
	all.Sections[0].Name = "🎉"
	c := f.picture(f.SpeakerTo(subscribers.Subscriber{}, "en"), all, false)
	if want := "30 November 2026"; c.title != want {
		t.Errorf("the title is %q, want %q", c.title, want)
	}
	want := []string{
		"Other", "最后一栏", "文章", "AI 相关", "ニュース", "資源", "8. …", // two are left out
		"言论", "文摘", "A section with a…a picture", "工具", "1. …",
	}
	if diff := cmp.Diff(want, drawnNames(c.sections.names, c.sections.nameWidth)); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if got := drawnNames([]string{"العربية", "Deutsch"}, besideWidth); !slices.Equal(got, []string{"…", "Deutsch"}) {
		t.Errorf("languages are %q", got)
	}
}

// compare compares pictures.
func compare(t *testing.T, path string, got, want []byte) {
	t.Helper()
	a, b := decode(t, got), decode(t, want)
	if a.Bounds() != b.Bounds() {
		t.Fatalf("the picture is %v, want %v", a.Bounds(), b.Bounds())
	}
	// A short name has 250 pixels: less than one pixel in 10,000 is no letter that is another one.
	const tolerance, clearly = 10_000, 60
	others := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if distance(a.At(x, y), b.At(x, y)) > clearly {
				others++
			}
		}
	}
	if pixels := a.Bounds().Dx() * a.Bounds().Dy(); others > pixels/tolerance {
		saved := filepath.Join(t.ArtifactDir(), filepath.Base(path))
		if err := os.WriteFile(saved, got, 0o644); err != nil {
			t.Error(err)
		}
		t.Errorf("%d of %d pixels are not as in %s: look at %s, and write it with -update if it is right", others, pixels, path, saved)
	}
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// distance is the largest difference of red, green or blue, up to 255.
func distance(a, b color.Color) int {
	x, y := color.RGBAModel.Convert(a).(color.RGBA), color.RGBAModel.Convert(b).(color.RGBA)
	most := 0
	for _, d := range []int{int(x.R) - int(y.R), int(x.G) - int(y.G), int(x.B) - int(y.B)} {
		most = max(most, d, -d)
	}
	return most
}
