package delivery_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
)

// A request after a redirect would contain the token, in the header Referer. So redirects
// are not followed, whatever HTTP client is used.
func TestRedirectsAreNotFollowed(t *testing.T) {
	const token = "123456:the-secret-of-the-bot"
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s came with the headers %v", r.Method, r.URL, r.Header)
	}))
	defer stranger.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, stranger.URL+r.URL.Path, status)
		}))
		for name, base := range map[string]tg.HttpClient{"ours": nil, "of another": &http.Client{}} {
			api, err := tg.New(token, tg.WithSkipGetMe(), tg.WithServerURL(server.URL), tg.WithHTTPClient(time.Minute, sender.NewClient(base)))
			if err != nil {
				t.Fatal(err)
			}
			_, err = api.GetMe(t.Context())
			if err == nil || sender.Classify(err).Kind != sender.Down {
				t.Fatalf("client %s, status %d: %v, want an error that nothing was done", name, status, err)
			}
			for _, want := range []string{stranger.URL, "--api-url"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("client %s, status %d: %v, want %s in it", name, status, err, want)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("client %s, status %d: the token is in %v", name, status, err)
			}
		}
		server.Close()
	}
}

// A redirect that leads nowhere is reported as well.
func TestRedirectWithoutATarget(t *testing.T) {
	for _, location := range []string{"", "mailto:someone"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusFound)
		}))
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/bot1:a/getMe", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := sender.NewClient(nil).Do(request)
		if err == nil {
			err = errors.Join(resp.Body.Close())
		}
		if err == nil || !strings.Contains(err.Error(), "redirects to nowhere") {
			t.Errorf("Location %q: %v, want that it leads nowhere", location, err)
		}
		server.Close()
	}
}
