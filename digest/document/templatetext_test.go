package document_test

import "testing"

// templateTexts are texts with what another program would have replaced, and what
// readers get of them.
var templateTexts = []struct{ name, html, want string }{
	{"Mailchimp", `Dear *|FNAME|*, *|IF:PAID|*thank you*|END:IF|*.`, "Dear, thank you."},
	{"Salesforce", `See it %%=v(@link)=%% or %%view_email_url%%.`, "See it or."},
	{"ActiveCampaign", `Hello %FIRSTNAME% and %UNSUBSCRIBELINK% you.`, "Hello and you."},
	{"MailerLite", `Stop: {$unsubscribe} now`, "Stop: now"},
	{"Brevo", `Hello {{ contact.FIRSTNAME }} and {{ unsubscribe }} you`, "Hello and you"},
	{"Klaviyo", `Stop: {% unsubscribe_link 'here' %} now`, "Stop: now"},
	{"Sendy", `Stop: [unsubscribe] now`, "Stop: now"},
	{"Mailjet", `Stop: [[UNSUB_LINK_EN]] now`, "Stop: now"},
	{"link to a merge tag", `<a href="*|UNSUB|*">Stop</a> <a href="%%unsub%%">it</a> <a href="[unsubscribe]">now</a>`, "Stop it now"},
	{"greeting", `Kære *|FNAME|*, velkommen`, "Kære, velkommen"},
	{"greeting in spans", `Kære <b>*|FNAME|*</b><span>,</span> velkommen`, "Kære, velkommen"},
	{"greeting with a space before its sign", `Cher {{first_name}} !`, "Cher!"},
	{"greeting in Chinese", `亲爱的 %FIRSTNAME%：你好`, "亲爱的：你好"},
	{"greeting that begins with the name", `[[FIRST_NAME]], welcome<br>*|FNAME|*, go on`, "welcome\ngo on"},
	{"greeting with another name", `Hello *|FNAME|* *|LNAME|*, welcome`, "Hello, welcome"},
	{"comma that stands apart otherwise", `Snow , *|FNAME|* frost`, "Snow , frost"},
	{"no merge tags", `In *|*, 50 % or 60 %, %APPDATA%, {$x}, {{ lamp }}, [[Lamp]], [1], a*|b|*c.`, "In *|*, 50 % or 60 %, %APPDATA%, {$x}, {{ lamp }}, [[Lamp]], [1], a*|b|*c."},
	{"merge tags in code", `Write <code>*|FNAME|*</code>.`, "Write *|FNAME|*."},

	{"caption", `[caption id="pic7" align="alignright" width="320"]A lamp.[/caption]`, "A lamp."},
	{"gallery", `Look: [gallery ids="1,2"] there`, "Look: there"},
	{"film", `Look: [youtube https://www.youtube.com/watch?v=a-1] there`, "Look: ▶ youtube.com there"},
	{"film by its identifier", `Look: [vimeo 123456] there`, "Look: ▶ vimeo.com there"},
	{"sound", `Hear: [audio src="https://a.example/frost.mp3"][/audio] there`, "Hear: ▶ frost.mp3 there"},
	{"embedded address", `Look: [embed]https://a.example/1[/embed] there`, "Look: https://a.example/1 there"},
	{"plugin", `[su_note note_color="#fff"]Mind the frost.[/su_note]`, "Mind the frost."},
	{"unknown shortcode", `[lamp_box color=&#8221;red&#8221;]Mind the frost.[/lamp_box]`, "Mind the frost."},
	{"words in brackets", `[video] A lamp [pdf] [video from 2019] [youtube, 12 min] [/quay] a[0] [sic]`, "[video] A lamp [pdf] [video from 2019] [youtube, 12 min] [/quay] a[0] [sic]"},
	{"shortcode in code", `Write <code>[gallery ids="1"]</code>.`, `Write [gallery ids="1"].`},
}

func TestTemplateTexts(t *testing.T) {
	for _, tt := range templateTexts {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.html", "<h1>Quay</h1><h2>News</h2><p>"+tt.html+"</p><h2>Books</h2><p>Sea.</p>")
			if got := issue.Sections[0].Items[0].Text(); got != tt.want {
				t.Errorf("text = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTitleIsNoMergeTag(t *testing.T) {
	issue := parse(t, "a.html", "<html><head><title>*|MC:SUBJECT|*</title></head><body><h1>Quay 12</h1><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></body></html>")
	if issue.Title != "Quay 12" {
		t.Errorf("title = %q, want the heading", issue.Title)
	}
}
