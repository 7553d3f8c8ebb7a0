package document_test

import "testing"

func TestEmojiNames(t *testing.T) {
	checkMarkup(t, []markup{
		{"known", ":tada: The frost came :+1::snowflake: at last.", "🎉 The frost came 👍❄️ at last."},
		{"with underscores", "Done :white_check_mark: and :flag_de: won.", "Done ✅ and 🇩🇪 won."},
		{"beside ideographs", "灯塔:tada:亮了。", "灯塔🎉亮了。"},
		{"in a link", "See [:tada: frost](https://a.example/) now.", "See <a href=\"https://a.example/\">🎉 frost</a> now."},
		{"in HTML", "See <b>:tada: frost</b> now.", "See <b>🎉 frost</b> now."},
		{"icons", "A :fontawesome-solid-shirt: shirt, a :material-lamp:{ .lg .middle } lamp.", "A shirt, a lamp."},
		{"names of other sites", "A lamp :face_with_hand_over_mouth:, so :cool-lamp: !", "A lamp , so !"},
		{"names in paths", "Here a/:user_id: and a:user_id:b stay.", "Here a/:user_id: and a:user_id:b stay."},
		{"code-like", "Here std::vector::push, a:b:c, 10:30:00, {:ok, 1} and :unknown: stay.", "Here std::vector::push, a:b:c, 10:30:00, {:ok, 1} and :unknown: stay."},
		{"namespaces", "Here ::heart::x and Foo::heart:: stay.", "Here ::heart::x and Foo::heart:: stay."},
		{"in code", "Write `:tada:` here.\n\n```\n:tada:\n```", "Write <code>:tada:</code> here.\n\n<pre>:tada:</pre>"},
	})
}

func TestEmojiNamesInTitles(t *testing.T) {
	issue := parse(t, "a.md", "---\ntitle: 'Lamp #3 :tada:'\n---\n\n# :tada: Lamp #3\n\n## News :newspaper:\n\n- a\n\n## :books: Books\n\n- b\n")
	if got, want := outline(issue), "Lamp #3 🎉 | 3 | \n📰 News (1, 0): a\n📚 Books (1, 0): b\n"; got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
	html := parse(t, "a.html", "<h1>Lamp #3</h1><h2>:newspaper: News</h2><p>:tada: Frost.</p><pre>:tada:</pre>")
	if got, want := shown(html, "news"), "🎉 Frost.\n\n<pre>:tada:</pre>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
