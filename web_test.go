package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// newSite serves two issues, one of them moved and in an encoding that only the server says.
func newSite(t *testing.T) *httptest.Server {
	t.Helper()
	pages := http.NewServeMux()
	pages.Handle("GET /latest", http.RedirectHandler("/issues/7/", http.StatusFound))
	pages.HandleFunc("GET /issues/7/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<html><head><title>Letters, issue 7</title></head><body><p>By %s</p><h2>News</h2><p>A <a href=\"../6/\">paragraph</a>.</p></body></html>", r.UserAgent())
	})
	pages.HandleFunc("GET /caf", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/markdown; charset=ISO-8859-1")
		w.Header().Set("Last-Modified", "Fri, 13 Nov 2026 09:00:00 GMT")
		fmt.Fprint(w, "# Caf\xe9, issue 8\n\n## Cr\xeame\n\nUn caf\xe9.\n")
	})
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	return server
}

func TestPreviewOfAnAddress(t *testing.T) {
	site := newSite(t)
	got := runWith(t, nil, "", "preview", "--allow-private-sources", "--json", site.URL+"/latest", site.URL+"/caf")
	if got.failure != nil {
		t.Fatal(got.failure)
	}
	mustContain(t, "preview", got.out, `"title": "Letters, issue 7"`, site.URL+"/issues/6/", "By digestbot/", `"title": "Café, issue 8"`, `"name": "Crême"`)
	if strings.Contains(got.out, "not UTF-8") {
		t.Errorf("the word of the server was not heard: %s", got.out)
	}
	missing := runWith(t, nil, "", "preview", "--allow-private-sources", site.URL+"/none?key=secret")
	mustFail(t, "a page that is gone", missing, site.URL+"/none?…: the server says 404 Not Found: check the address")
}

func TestImportOfAnAddress(t *testing.T) {
	site := newSite(t)
	database := filepath.Join(t.TempDir(), "test.db")
	refused := runWith(t, nil, "", "import", "--database", database, site.URL+"/latest")
	mustFail(t, "an address that is private", refused, "1 could not be imported")
	mustContain(t, "import", refused.err, "not on the public internet", "--allow-private-sources")
	environ := []string{"DIGESTBOT_ALLOW_PRIVATE_SOURCES=true", "DIGESTBOT_DATABASE=" + database}
	for _, want := range []string{"2 added, 0 corrected, 0 unchanged", "0 added, 0 corrected, 2 unchanged"} {
		got := runWith(t, environ, "", "import", site.URL+"/latest", site.URL+"/caf")
		if got.failure != nil {
			t.Fatal(got.failure)
		}
		mustContain(t, "import", got.out, want, "Café, issue 8")
	}
	got := runWith(t, environ, "", "import", site.URL+"/latest", site.URL+"/none")
	mustFail(t, "one of two is gone", got, "1 could not be imported")
	mustContain(t, "import", got.err, "404 Not Found")
	mustContain(t, "import", got.out, "1 unchanged, 1 not imported")
}
