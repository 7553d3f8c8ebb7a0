package document_test

import (
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"

	"github.com/google/go-cmp/cmp"
)

// mail puts furniture above and below the text of a mail of two sections.
func mail(above, below string) string {
	return "<html><body><table><tr><td>" + above + "</td></tr><tr><td><h1>Quay 12</h1></td></tr><tr><td><h2>News</h2><p>Frost.</p></td></tr>" +
		"<tr><td><h2>Books</h2><p>Sea.</p></td></tr><tr><td>" + below + "</td></tr></table></body></html>"
}

// furniture are things that mails have around their text: credits is what is kept
// of them.
var furniture = []struct{ name, above, below, credits string }{
	{"Mailchimp", `<a href="*|ARCHIVE|*">View this email in your browser</a>`,
		`<hr><a href="https://facebook.com/quay"><img src="https://i.example/f.png" alt="Facebook icon"></a><a href="https://quay.example"><img src="https://i.example/w.png" alt="Website"></a>` +
			`<em>Copyright © 2026 Quay Ltd, All rights reserved.</em><br><br><strong>Our mailing address is:</strong><br>*|LIST:ADDRESS|*<br><br>Want to change how you receive these emails?<br>You can <a href="https://x.list-manage.com/profile?u=1">update your preferences</a> or <a href="https://x.list-manage.com/unsubscribe?u=1">unsubscribe from this list</a>.`,
		"Copyright © 2026 Quay Ltd, All rights reserved."},
	{"beehiiv", `<p>May 5, 2026 | <a href="https://q.example/p/12?m=1">Read Online</a></p>`,
		`<p><a href="https://q.example/u">Update your email preferences</a> or unsubscribe <a href="https://q.example/u">here</a></p><p>© 2026 Quay</p><p>1 Quay Street, Kiel</p><p><a href="https://beehiiv.com">Powered by beehiiv</a></p>`,
		"© 2026 Quay\n1 Quay Street, Kiel"},
	{"Substack", `<p>Forwarded this email? <a href="https://q.example/s">Subscribe here</a> for more</p>`,
		`<p><a href="https://q.example/l">Like</a> | <a href="https://q.example/c">Comment</a> | <a href="https://q.example/r">Restack</a></p><p>© 2026 Ann<br><a href="https://q.example/unsubscribe">Unsubscribe</a></p><p><a href="https://substack.com">Start writing</a></p>`,
		"© 2026 Ann"},
	{"Buttondown", "", `<p>You just read issue #12 of Quay.</p><p>You can unsubscribe at any time: {{ unsubscribe_url }}</p>`, ""},
	{"WordPress", "", `<p>The post <a href="https://q.example/12">Quay 12</a> appeared first on <a href="https://q.example">Quay</a>.</p>`,
		"The post Quay 12 appeared first on Quay."},
	{"German", `<a href="https://q.example/v">Newsletter im Browser ansehen</a>`, `<p>Sie erhalten diese E-Mail, weil Sie sich angemeldet haben. <a href="https://q.example/a">Hier abmelden</a></p><p>Kai GmbH, Kiel</p>`, "Kai GmbH, Kiel"},
	{"French", `Si ce message ne s’affiche pas, <a href="https://q.example/v">consultez-le en ligne</a>`, `<p>Vous recevez cet e-mail parce que vous êtes abonné. <a href="https://q.example/a">Se désabonner</a></p>`, ""},
	{"French, to modify", "", `<p>Vous êtes inscrit à cette lettre parce que vous aimez la mer.</p><p><a href="https://q.example/a">Modifiez votre inscription</a></p>`, ""},
	{"signs without names", "", `<p><a href="https://www.instagram.com/quay/?hl=en"><img src="https://i.example/1.png"></a></p><p><a href="https://bsky.app/profile/q.example"><img src="https://i.example/2.png"></a></p><p><a href="https://q.example/unsubscribe">Unsubscribe</a></p><p>Kai GmbH, Kiel</p>`, "Kai GmbH, Kiel"},
	{"button to pass on", "", `<p><a href="https://q.forwardtomyfriend.com/1">Weitersagen</a></p><p>Kai sends this from Kiel.</p><p><a href="https://q.example/unsubscribe">Unsubscribe</a></p>`, "Kai sends this from Kiel."},
	{"Spanish", `<a href="https://q.example/v">Ver este correo en tu navegador</a>`, `<p>¿No quieres recibir más? <a href="https://q.example/a">Darse de baja</a></p>`, ""},
	{"Portuguese", `<a href="https://q.example/v">Ver no navegador</a>`, `<p><a href="https://q.example/a">Cancelar inscrição</a></p>`, ""},
	{"Italian", `<a href="https://q.example/v">Visualizza nel browser</a>`, `<p>Hai ricevuto questa email perché sei iscritto. <a href="https://q.example/a">Cancellati</a></p>`, ""},
	{"Dutch", `<a href="https://q.example/v">Bekijk deze mail in je browser</a>`, `<p><a href="https://q.example/a">Uitschrijven</a> | <a href="https://q.example/p">Privacy</a></p>`, ""},
	{"Polish", `<a href="https://q.example/v">Zobacz w przeglądarce</a>`, `<p>Otrzymujesz tę wiadomość, bo jest piątek. <a href="https://q.example/a">Wypisz się</a></p>`, ""},
	{"Russian", `<a href="https://q.example/v">Открыть в браузере</a>`, `<p>Вы получили это письмо, потому что подписаны. <a href="https://q.example/a">Отписаться</a></p>`, ""},
	{"Chinese", `<a href="https://q.example/v">在浏览器中查看</a>`, `<p>如果您不想再收到邮件，请<a href="https://q.example/a">退订</a>。</p><p>版权所有 © 2026 码头</p>`, "版权所有 © 2026 码头"},
	{"Japanese", `<a href="https://q.example/v">ブラウザで見る</a>`, `<p>このメールは購読者の方にお送りしています。<a href="https://q.example/a">配信停止</a></p>`, ""},
	{"Korean", `<a href="https://q.example/v">브라우저에서 보기</a>`, `<p><a href="https://q.example/a">수신거부</a></p>`, ""},
	{"Turkish", `<a href="https://q.example/v">Tarayıcıda görüntüle</a>`, `<p><a href="https://q.example/a">Abonelikten çık</a></p>`, ""},
	{"Arabic", `<a href="https://q.example/v">عرض في المتصفح</a>`, `<p><a href="https://q.example/a">إلغاء الاشتراك</a></p>`, ""},
	{"Persian", `<a href="https://q.example/v">مشاهده در مرورگر</a>`, `<p><a href="https://q.example/a">لغو اشتراک</a></p>`, ""},
	{"networks", `<p><a href="https://x.com/q">Twitter</a> | <a href="https://facebook.com/q">Facebook</a></p>`, `<ul><li><a href="https://x.com/q">Twitter</a></li><li><a href="https://q.example/a">Unsubscribe</a></li></ul>`, ""},
	{"hidden teaser", `<div style="display:none;max-height:0">Frost and the sea.</div><span style="color:#fff;font-size:1px;line-height:1px;max-height:0px;opacity:0;overflow:hidden">Frost and the sea.&zwnj;&nbsp;&zwnj;&nbsp;&#847;&nbsp;</span><div>&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;</div><img src="https://q.example/open.gif" style="width:1px;height:1px" alt="seen">`, "", ""},
	{"an address in small print", "", `<p style="font-size:12px">Quay Ltd, 1 Quay Street, 24103 Kiel, Germany</p><p><a href="#">Unsubscribe</a> <a href="#">Manage preferences</a></p>`, "Quay Ltd, 1 Quay Street, 24103 Kiel, Germany"},
	{"link that says nothing", `<a href="{{ view_in_browser_url }}">Frost? See this page</a>`, `<p>Enough? <a href="https://q.example/email-preferences/1">Click</a>.</p>`, ""},
}

// TestMailFurniture reads mails with furniture around the text, which stays as it
// is.
func TestMailFurniture(t *testing.T) {
	for _, tt := range furniture {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.html", mail(tt.above, tt.below))
			date := ""
			if tt.name == "beehiiv" {
				date = "2026-05-05"
			}
			want := "Quay 12 | 0 | " + date + "\nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"
			if diff := cmp.Diff(want, outline(issue)); diff != "" {
				t.Errorf("outline (-want +got):\n%s", diff)
			}
			var lines []string
			for _, b := range issue.Credits {
				lines = append(lines, digest.TextOf(b.Spans))
			}
			if got := strings.Join(lines, "\n"); got != tt.credits {
				t.Errorf("credits = %q, want %q", got, tt.credits)
			}
			if len(issue.Intro) > 0 && tt.name != "beehiiv" {
				t.Errorf("intro = %+v, want none", issue.Intro)
			}
			digesttest.CheckIssue(t, issue)
		})
	}
}

// texts are documents that have something in common with the furniture of mails,
// and nothing to leave out.
var texts = []struct{ name, file, document, want string }{
	{"browsers as a topic", "a.md", "# Quay 12\n\n[See what browsers read](https://a.example/0) this week.\n\n## News\n\n[Open files in the browser](https://a.example/1)\n\nIt works.\n\n[Gmail adds one-click unsubscribe](https://a.example/2)\n\nIt is a button.\n\n## Books\n\n- Sea\n- 在浏览器中查看\n",
		"Quay 12 | 0 | \nNews (2, 2): Open files in the browser\nBooks (2, 0): Sea\n"},
	{"short words", "a.md", "# Quay 12\n\n## News\n\n- a\n- Twitter\n\n## Books\n\n- y\n",
		"Quay 12 | 0 | \nNews (2, 0): a\nBooks (1, 0): y\n"},
	{"networks as items", "a.md", "# Quay 12\n\n## News\n\n- [Frost](https://a.example/1)\n- [Fog](https://a.example/2)\n\n## People\n\n- [Twitter](https://x.com/a)\n- [GitHub](https://github.com/a)\n",
		"Quay 12 | 0 | \nNews (2, 2): Frost\nPeople (2, 2): Twitter\n"},
	{"mails as a topic", "a.md", "# Quay 12\n\n## News\n\n- a\n- b\n\n## Mail\n\nYou received this letter, says the book, because you asked for it.\n\nIt goes on with a long paragraph about letters that people sent when there were no telephones, about stamps and the people who collect them, and about what remains of all that now that everybody has a telephone, and hardly anybody writes a letter that has more than one page.\n",
		"Quay 12 | 0 | \nNews (2, 0): a\nMail (1, 0): You received this letter, says the book, because you asked for it.\n"},
}

func TestTextIsNoFurniture(t *testing.T) {
	for _, tt := range texts {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if diff := cmp.Diff(tt.want, outline(issue)); diff != "" {
				t.Errorf("outline (-want +got):\n%s", diff)
			}
			if len(issue.Credits) > 0 {
				t.Errorf("credits = %+v, want none", issue.Credits)
			}
		})
	}
}

// mails are mails without any heading, as most mailing programs make them.
var mails = []struct{ name, document, want string }{
	{"contents and buttons", `<table role="presentation"><tr><td><strong>The Quay Letter</strong></td></tr><tr><td>In this letter</td></tr>` +
		`<tr><td>•&nbsp;</td><td><a href="#a">Frost comes</a></td></tr><tr><td>•&nbsp;</td><td><a href="#b">The sea is calm</a></td></tr>` +
		`<tr><td id="a"><b>Frost comes</b></td></tr><tr><td>It is white.</td></tr><tr><td><a class="button" href="https://a.example/1"><b>Read it all</b></a></td></tr>` +
		`<tr><td id="b"><b>The sea is calm</b></td></tr><tr><td>It is blue.</td></tr><tr><td><a href="https://a.example/2"><b>Join the trip</b></a></td></tr><tr><td>Or this.</td></tr><tr><td style="border-radius:4px" bgcolor="#000000"><a href="https://a.example/3"><b>Book a seat</b></a></td></tr>` +
		`<tr><td><b>Land</b></td></tr><tr><td>It is green.</td></tr><tr><td><a href="https://a.example/4"><b>Learn more &rarr;</b></a></td></tr></table>`,
		"Quay Letter | 0 | \n (4, 4): Frost comes\n"},
	{"the name of the letter in bold", `<p><b>The Quay Letter</b></p><img src="https://i.example/1.png"><p><b>Frost</b></p><p>White.</p><p><a style="border:2px solid #747474; border-radius:20px; padding:10px" href="https://a.example/1"><b>To the survey</b></a></p><p><b>Sea</b></p><p>Blue.</p><p><b>Land</b></p><p>Green.</p>`,
		"Quay Letter | 0 | \n (3, 1): Frost\n"},
	{"the first item has no text, as others", `<p><b>Fog</b></p><p><b>Frost</b></p><p><b>Sea</b></p><p>Blue.</p><p><b>Land</b></p><p>Green.</p>`,
		"Quay Letter | 0 | \n (4, 0): Fog\n"},
	{"titles in two lines", `<h1>Quay</h1><h2>Frost at the quay</h2><h2>and in the village</h2><p>White.</p><h2>Blue and calm,</h2><h2>Sea</h2><p>Blue.</p>`,
		"Quay | 0 | \nFrost at the quay and in the village (1, 0): White.\nBlue and calm, Sea (1, 0): Blue.\n"},
	{"small letters", `<h1>Quay</h1><h2>frost</h2><h2>fog</h2><p>White.</p><h2>Sea</h2><p>Blue.</p>`,
		"Quay | 0 | \nfrost (0, 0): \nfog (1, 0): White.\nSea (1, 0): Blue.\n"},
	{"sections in large letters", `<div style="font-size:11px">A line in small print, longer than all the rest of this letter together, so that most of the letters in it are small.</div>` +
		`<table><tr><td style="font-size:24px">News</td></tr><tr><td style="font-size:14px"><p>Frost came <a href="https://a.example/1">early</a>.</p></td></tr><tr><td><font size="5">Books</font></td></tr><tr><td style="font-size:14px"><p><b>Sea</b></p><p>It is blue.</p><p><b>Land</b></p><p>It is green.</p></td></tr></table>`,
		"Quay Letter | 0 | \nNews (1, 1): Frost came early.\nBooks (2, 0): Sea\n"},
	{"a title and large names", `<h1>The Quay Letter</h1><p style="font-size:20px">News</p><p>Frost came.</p><p style="font-size:20px">Books</p><p>Sea.</p>`,
		"The Quay Letter | 0 | \nNews (1, 0): Frost came.\nBooks (1, 0): Sea.\n"},
	{"one motto in large letters", `<p style="font-size:30px">Read and be glad</p><p><b>Frost</b></p><p>White.</p><p><b>Sea</b></p><p>Blue.</p><p><b>Land</b></p><p>Green.</p>`,
		"Quay Letter | 0 | \n (3, 0): Frost\n"},
	{"two large lines, of which one is the name", `<p style="font-size:30px"><b>The Quay Letter</b></p><p>Hello.</p><p style="font-size:24px"><b>Frost</b></p><p>White.</p><p><b>Sea</b></p><p>Blue.</p><p><b>Land</b></p><p>Green.</p>`,
		"Quay Letter | 0 | \n (4, 0): The Quay Letter\n"},
	{"headings and a large motto", `<h2>News</h2><p style="font-size:30px">White is the quay</p><p>Frost.</p><h2>Books</h2><p style="font-size:30px">Blue is the sea</p><p>Sea.</p>`,
		"Quay Letter | 0 | \nNews (1, 0): White is the quay\nBooks (1, 0): Blue is the sea\n"},
	{"the same words on each link", `<p><b>Frost</b></p><p>White.</p><p><a href="https://a.example/1">To the quay</a></p><p><b>Sea</b></p><p>Blue.</p><p><a href="https://a.example/2">To the quay</a></p>`,
		"Quay Letter | 0 | \n (2, 2): Frost\n"},
	{"bold buttons with pictures above titles", `<p><b>Quay Letter</b></p><p>Hello!</p><a href="https://a.example/1"><img src="https://i.example/1.png" alt="White"></a><p><b>Frost at the pier</b></p><p>It is <a href="https://a.example/4">white</a>.</p><p>It is cold.</p><p><a href="https://a.example/1"><b>Read more</b></a></p>` +
		`<a href="https://a.example/2"><img src="https://i.example/2.png" alt="Blue"></a><p><b>A day at sea</b></p><p>It is <a href="https://a.example/5">blue</a>.</p><p><a href="https://a.example/2"><b>RSVP</b></a></p>` +
		`<a href="https://a.example/3"><img src="https://i.example/3.png" alt="Green"></a><p><b>A walk on land</b></p><p>It is <a href="https://a.example/6">green</a>.</p><p><a href="https://a.example/3"><b>Sign up</b></a></p><p><b>We hire</b></p><ul><li><a href="https://a.example/7">A cook</a><li><a href="https://a.example/8">A smith</a></ul><p><b>We ask you all</b></p><p>Why?</p>`,
		"Quay Letter | 0 | \n (5, 8): Frost at the pier\n"},
	{"titles in two lines of large letters", `<h1>Quay</h1><h2>Meet the Harbour’s</h2><h2>New Lamp</h2><p>White.</p><h2>Die Lampen der</h2><h2>Mole</h2><p>Blue.</p><h2>Children’s</h2><h2>Sea</h2><p>Green.</p>`,
		"Quay | 0 | \nMeet the Harbour’s New Lamp (1, 0): White.\nDie Lampen der Mole (1, 0): Blue.\nChildren’s (0, 0): \nSea (1, 0): Green.\n"},
	{"a row of headings without texts", `<h1>Quay</h1><h2>News</h2><p>Frost.</p><h2>Supper at Ann’s</h2><h2>Knots</h2><h2>Boats and</h2><h2>Ropes</h2>`,
		"Quay | 0 | \nNews (1, 0): Frost.\nSupper at Ann’s (0, 0): \nKnots (0, 0): \nBoats and (0, 0): \nRopes (0, 0): \n"},
	{"a list of buttons", `<p><a class="btn" href="https://a.example/1">Frost</a></p><p><a class="btn" href="https://a.example/2">Fog</a></p><p><a class="btn" href="https://a.example/3">Sea</a></p>`,
		"Quay Letter | 0 | \n (3, 3): Frost\n"},
}

func TestMails(t *testing.T) {
	for _, tt := range mails {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.html", "<html><head><title>Quay Letter</title></head><body>"+tt.document+"</body></html>")
			if diff := cmp.Diff(tt.want, outline(issue)); diff != "" {
				t.Errorf("outline (-want +got):\n%s", diff)
			}
			digesttest.CheckIssue(t, issue)
		})
	}
}
