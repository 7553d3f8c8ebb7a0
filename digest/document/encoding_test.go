package document_test

import (
	"fmt"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/document"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// written are sentences of a digest, with the encodings in which people have written such.
var written = []struct {
	language  string
	encodings []string
	sentences [3]string
}{
	{"zh", []string{"gbk", "gb18030"}, [3]string{
		"本周我们去看了河边的旧灯塔，管理员说灯已经修好了。",
		"新的码头将在五月开放，船票可以在网上购买。",
		"这本书讲的是一个人怎样学会做木桌子，内容很有意思。",
	}},
	{"zh-Hant", []string{"big5"}, [3]string{
		"這個星期我們去看了河邊的舊燈塔，管理員說燈已經修好了。",
		"新的碼頭將在五月開放，船票可以在網路上購買。",
		"這本書講的是一個人怎樣學會做木桌子，內容很有意思。",
	}},
	{"ja", []string{"shift_jis", "euc-jp", "iso-2022-jp"}, [3]string{
		"今週は川のそばにある古い灯台を見に行きました。",
		"新しい桟橋は五月に開きます。切符はインターネットで買えます。",
		"この本は、ある人が木の机の作り方を学ぶ話です。",
	}},
	{"ko", []string{"euc-kr"}, [3]string{
		"이번 주에는 강가에 있는 오래된 등대를 보러 갔습니다.",
		"새 부두는 오월에 문을 열고 표는 인터넷에서 살 수 있습니다.",
		"이 책은 한 사람이 나무 책상을 만드는 법을 배우는 이야기입니다.",
	}},
	{"ru", []string{"windows-1251", "koi8-r", "ibm866"}, [3]string{
		"На этой неделе мы ходили смотреть старый маяк у реки.",
		"Новый причал откроется в мае, билеты можно купить в сети.",
		"Эта книга о том, как человек научился делать деревянные столы.",
	}},
	{"uk", []string{"windows-1251", "koi8-u"}, [3]string{
		"Цього тижня ми ходили дивитися на старий маяк біля річки.",
		"Новий причал відкриється у травні, квитки можна купити в мережі.",
		"Ця книжка про те, як людина навчилася робити дерев'яні столи її мрії.",
	}},
	{"de", []string{"windows-1252"}, [3]string{
		"Diese Woche waren wir am alten Leuchtturm über dem Fluss, er ist wieder schön.",
		"Die neue Brücke öffnet im März, Karten für große Gruppen gibt es später.",
		"Das Buch erzählt, wie jemand lernt, Tische aus Holz für Gäste zu bauen.",
	}},
	{"fr", []string{"windows-1252"}, [3]string{
		"Cette semaine, nous sommes allés voir le vieux phare près de la rivière.",
		"La nouvelle jetée ouvrira en mai ; les billets sont déjà à la caisse.",
		"Ce livre raconte comment un homme a appris à faire des tables en chêne.",
	}},
	{"es", []string{"windows-1252"}, [3]string{
		"Esta semana fuimos a ver el viejo faro junto al río; la luz ya está arreglada.",
		"El nuevo muelle abrirá en mayo y los billetes están a la venta desde mañana.",
		"El libro cuenta cómo un señor aprendió a hacer mesas pequeñas de madera.",
	}},
	{"pl", []string{"windows-1250", "iso-8859-2"}, [3]string{
		"W tym tygodniu oglądaliśmy starą latarnię nad rzeką, światło już działa.",
		"Nowe molo będzie otwarte w maju, bilety można kupić przez internet.",
		"Książka opowiada, jak człowiek nauczył się robić drewniane stoły.",
	}},
	{"cs", []string{"windows-1250"}, [3]string{
		"Tento týden jsme se byli podívat na starý maják u řeky, světlo už zase svítí.",
		"Nové molo se otevře v květnu, lístky lze koupit přes internet.",
		"Kniha vypráví, jak se člověk naučil vyrábět dřevěné stoly.",
	}},
	{"hu", []string{"windows-1250"}, [3]string{
		"Ezen a héten megnéztük a folyó melletti öreg világítótornyot, a fény újra ég.",
		"Az új móló májusban nyílik, jegyet az interneten lehet venni, őszig félárú.",
		"A könyv arról szól, hogyan tanult meg valaki asztalokat készíteni fából.",
	}},
	{"tr", []string{"windows-1254"}, [3]string{
		"Bu hafta nehrin kıyısındaki eski feneri görmeye gittik, ışık yeniden yanıyor.",
		"Yeni iskele mayısta açılacak, biletler internetten alınabilir.",
		"Kitap, bir adamın ağaçtan masa yapmayı nasıl öğrendiğini anlatıyor.",
	}},
	{"el", []string{"windows-1253"}, [3]string{
		"Αυτή την εβδομάδα πήγαμε να δούμε τον παλιό φάρο δίπλα στο ποτάμι.",
		"Η νέα αποβάθρα θα ανοίξει τον Μάιο και τα εισιτήρια πωλούνται στο διαδίκτυο.",
		"Το βιβλίο μιλά για κάποιον που έμαθε να φτιάχνει ξύλινα τραπέζια.",
	}},
	{"he", []string{"windows-1255"}, [3]string{
		"השבוע הלכנו לראות את המגדלור הישן ליד הנהר והאור כבר תוקן.",
		"המזח החדש ייפתח במאי ואפשר לקנות כרטיסים ברשת.",
		"הספר מספר איך אדם למד לבנות שולחנות מעץ.",
	}},
	{"ar", []string{"windows-1256"}, [3]string{
		"ذهبنا هذا الأسبوع لرؤية المنارة القديمة عند النهر وقد تم إصلاح الضوء.",
		"سيفتح الرصيف الجديد في مايو ويمكن شراء التذاكر من الشبكة.",
		"يحكي الكتاب كيف تعلم رجل أن يصنع طاولات من الخشب.",
	}},
	{"lt", []string{"windows-1257"}, [3]string{
		"Šią savaitę ėjome pažiūrėti seno švyturio prie upės, šviesa vėl dega.",
		"Nauja prieplauka bus atidaryta gegužę, bilietus galima pirkti internete.",
		"Knyga pasakoja, kaip žmogus išmoko daryti medinius stalus mūsų kaimynų kieme.",
	}},
}

// encode writes a text in an encoding.
func encode(t testing.TB, label, text string) string {
	t.Helper()
	e, _ := charset.Lookup(label)
	encoded, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", label, err)
	}
	return string(encoded)
}

// everyEncoding calls f for each language and encoding.
func everyEncoding(t *testing.T, f func(t *testing.T, label string, sentences [3]string)) {
	for _, w := range written {
		for _, label := range w.encodings {
			t.Run(w.language+" "+label, func(t *testing.T) { f(t, label, w.sentences) })
		}
	}
}

// TestEncodingUndeclared holds that the encoding of a text is found out from the text.
func TestEncodingUndeclared(t *testing.T) {
	everyEncoding(t, func(t *testing.T, label string, s [3]string) {
		english := strings.Repeat("Plain English prose about lamps and piers, see [here](https://example.org/).\n", 30)
		for _, text := range []string{
			"# " + s[0] + "\n\n## Links\n\n- [" + s[1] + "](https://example.org/a)\n- [English](https://example.org/b)\n\n```go\nfunc main() {}\n```\n\n" + s[2] + "\n",
			"# " + s[0] + "\n\n" + s[1],
			"# " + s[1] + "\n\n" + english,
			"---\ntitle: " + s[2] + "\n---\n\n<p>Text</p>\n",
		} {
			title := strings.TrimPrefix(strings.Split(strings.Replace(text, "---\ntitle: ", "# ", 1), "\n")[0], "# ")
			issue := parse(t, "doc.md", encode(t, label, text))
			if issue.Title != title {
				t.Errorf("Title = %q, want %q", issue.Title, title)
			}
			if label != "iso-2022-jp" && !strings.Contains(strings.Join(issue.Warnings, "\n"), "not UTF-8") {
				t.Errorf("Warnings = %q, want one of the encoding", issue.Warnings)
			}
		}
	})
}

// TestEncodingDeclared holds that pages and feeds are read in the encoding that they declare,
// and in the right one if they declare UTF-8 and are not.
func TestEncodingDeclared(t *testing.T) {
	everyEncoding(t, func(t *testing.T, label string, s [3]string) {
		for _, declared := range []string{label, "utf-8"} {
			for _, form := range []string{
				`<html><head><meta charset="%s"><title>%s</title></head><body><p>%s</p></body></html>`,
				`<?xml version="1.0" encoding="%s"?><rss version="2.0"><channel><title>Lamp</title><item><title>%s</title><description>%s</description></item></channel></rss>`,
			} {
				issue := parse(t, "doc", encode(t, label, fmt.Sprintf(form, declared, s[0], s[1])))
				warned := strings.Contains(strings.Join(issue.Warnings, "\n"), "although it says so")
				if issue.Title != s[0] || warned != (declared != label && label != "iso-2022-jp") {
					t.Errorf("declared %s: Title = %q, want %q; Warnings = %q", declared, issue.Title, s[0], issue.Warnings)
				}
			}
		}
	})
}

// TestEncodingOfTheServer holds that what a server says of a document is believed if it makes
// a text of it, and that a document says itself what it is if not.
func TestEncodingOfTheServer(t *testing.T) {
	everyEncoding(t, func(t *testing.T, label string, s [3]string) {
		bare := "# " + s[0] + "\n\n" + s[1] + "\n\n" + s[2] + "\n"
		if got := document.Transcode([]byte(encode(t, label, bare)), strings.ToUpper(label)); string(got) != bare && label != "iso-2022-jp" {
			t.Errorf("got %q", got)
		}
		if got := document.Transcode([]byte(bare), label); string(got) != bare {
			t.Errorf("what is UTF-8 became %q", got)
		}
		page := `<html><head><meta charset="` + label + `"><title>` + s[0] + "</title></head><body><p>" + s[1] + "</p><p>" + s[2] + "</p></body></html>"
		for _, wrong := range []string{"iso-8859-1", "windows-1251", "utf-8", "shift_jis", "utf-16le", "none-such", ""} {
			if issue := parse(t, "doc", string(document.Transcode([]byte(encode(t, label, page)), wrong))); issue.Title != s[0] {
				t.Errorf("named %s: Title = %q, want %q", wrong, issue.Title, s[0])
			}
		}
	})
	for _, other := range []string{"%PDF-1.7\n%\xe2\xe3", "\xff\xd8\xff\xe0", "PK\x03\x04\xe2", "a\x00\xe2"} {
		if got := document.Transcode([]byte(other), "windows-1252"); string(got) != other && !strings.HasPrefix(other, "%PDF") {
			t.Errorf("%q became %q", other, got)
		}
	}
}

// TestEncodingDeclaredWrong holds that a page is read in the encoding that it is in, if it
// declares another one that makes nonsense of it.
func TestEncodingDeclaredWrong(t *testing.T) {
	everyEncoding(t, func(t *testing.T, label string, s [3]string) {
		for _, declared := range []string{"iso-8859-1", "windows-1251", "gb2312", "shift_jis"} {
			text := fmt.Sprintf(`<html><head><meta charset="%s"><title>%s</title></head><body><p>%s</p><p>%s</p></body></html>`, declared, s[0], s[1], s[2])
			if issue := parse(t, "doc", encode(t, label, text)); issue.Title != s[0] {
				t.Errorf("declared %s: Title = %q, want %q; Warnings = %q", declared, issue.Title, s[0], issue.Warnings)
			}
		}
	})
}

// TestVietnamese reads an encoding that has the tones as characters of their own.
func TestVietnamese(t *testing.T) {
	const want = "Tuần này chúng tôi đến thăm ngọn hải đăng cũ bên bờ sông, đèn đã được sửa xong"
	var encoded []byte
	for _, r := range norm.NFD.String(want) {
		c, ok := charmap.Windows1258.EncodeRune(r)
		if last := len(encoded) - 1; !ok { // a circumflex, breve or horn makes another letter
			whole := []rune(norm.NFC.String(string(charmap.Windows1258.DecodeByte(encoded[last])) + string(r)))
			c, _ = charmap.Windows1258.EncodeRune(whole[0])
			encoded = encoded[:last]
		}
		encoded = append(encoded, c)
	}
	if issue := parse(t, "doc.md", "# "+string(encoded)+"\n\nText.\n"); issue.Title != want {
		t.Errorf("Title = %q, want %q; Warnings = %q", issue.Title, want, issue.Warnings)
	}
}

// TestEncodingUTF16 holds that UTF-16 is read with and without a mark at its beginning.
func TestEncodingUTF16(t *testing.T) {
	for _, w := range written {
		for _, endian := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
			for _, mark := range []unicode.BOMPolicy{unicode.UseBOM, unicode.IgnoreBOM} {
				for _, form := range []string{
					"# %s\n\n%s\n",
					`<html><head><meta charset="utf-16"><title>%s</title></head><body><p>%s</p></body></html>`,
					`<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><title>Lamp</title><item><title>%s</title><description>%s</description></item></channel></rss>`,
				} {
					encoded, err := unicode.UTF16(endian, mark).NewEncoder().Bytes(fmt.Appendf(nil, form, w.sentences[0], w.sentences[1]))
					if err != nil {
						t.Fatal(err)
					}
					issue := parse(t, "doc", string(encoded))
					if issue.Title != w.sentences[0] || len(issue.Sections) == 0 {
						t.Errorf("%s, %v, %v: Title = %q, want %q", w.language, endian, mark, issue.Title, w.sentences[0])
					}
				}
			}
		}
	}
}

// TestWrongBytes holds that UTF-8 with a wrong byte stays UTF-8.
func TestWrongBytes(t *testing.T) {
	tests := []struct{ name, document, title, warning string }{
		{"cut at its end", "# 河岸第4期\n\n这本书讲的是一个人怎样学会做木桌子，内容很有意思\xe3\x80", "河岸第4期", "line 3 is damaged"},
		{"one byte", "# Café crème à la carte\n\nD\xe9jà vu, naïve façade.\n", "Café crème à la carte", "line 3 is damaged"},
		{"one byte that is nothing else", "# Lamp Weekly\n\nText\x81 and more.\n", "Lamp Weekly", "line 3 is damaged"},
		{"a feed", `<rss version="2.0"><channel><title>x</title><item><title>Маяк у реки` + "\xff" + `</title><description>Трап.</description></item></channel></rss>`, "Маяк у реки\ufffd", "line 1 is damaged"},
		{"after a mark", "\ufeff# Lamp\n\ncaf\xe9\n", "Lamp", "line 3 is damaged"},
		{"half a character of GBK", encode(t, "gbk", "# 河岸第四期\n\n这本书讲的是一个人怎样学会做木桌子")[:41], "河岸第四期", "read as gb18030"},
	}
	for _, tt := range tests {
		issue := parse(t, "doc.md", tt.document)
		if issue.Title != tt.title || !strings.Contains(strings.Join(issue.Warnings, "\n"), tt.warning) {
			t.Errorf("%s: Title = %q, Warnings = %q, want %q and %q", tt.name, issue.Title, issue.Warnings, tt.title, tt.warning)
		}
	}
}

// TestLatinWithoutDeclaration holds that a single letter beyond ASCII is enough in a text of
// Western Europe.
func TestLatinWithoutDeclaration(t *testing.T) {
	for _, tt := range []struct{ document, want string }{
		{"caf\xe9 au lait", "café au lait"},
		{"It\x92s a lamp \x96 a good one", "It’s a lamp – a good one"},
		{"Gr\xfc\xdfe vom Leuchtturm", "Grüße vom Leuchtturm"},
		{"El ni\xf1o y el faro", "El niño y el faro"},
	} {
		issue := parse(t, "doc.md", tt.document)
		if got := digest.TextOf(issue.Sections[0].Items[0].Title) + issue.Sections[0].Items[0].Text(); !strings.Contains(got, tt.want) {
			t.Errorf("Parse(%q) = %q, want %q", tt.document, got, tt.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	const page = "<html><head>%s<title>Причал №4</title></head><body><h1>Причал №4</h1><p>Трап.</p></body></html>"
	encode := func(bytes []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return string(bytes)
	}
	tests := []struct{ name, document, want string }{
		{"windows-1251 page", encode(charmap.Windows1251.NewEncoder().Bytes(fmt.Appendf(nil, strings.ReplaceAll(page, "№", "N"), `<meta charset="windows-1251">`))), "Причал N4"},
		{"GB 18030 page", encode(simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(`<html><head><meta charset="gb18030"><title>河岸第4期</title></head><body><p>文</p></body></html>`))), "河岸第4期"},
		{"UTF-16", encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte("# 河岸第4期\n\n文"))), "河岸第4期"},
		{"UTF-8 with byte order mark and CRLF", "\ufeff---\r\ntitle: Harbor 4\r\n---\r\nText.\r\n", "Harbor 4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "doc", tt.document)
			if issue.Title != tt.want {
				t.Errorf("Title = %q, want %q", issue.Title, tt.want)
			}
		})
	}
}
