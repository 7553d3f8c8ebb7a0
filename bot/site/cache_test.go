package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/subscribers"
)

// The cache keeps what was asked for last, within its room.
func TestCache(t *testing.T) {
	const size = 1000
	body := make([]byte, size-500) // see page.size
	c := newCache(3 * size)
	for i := range 5 {
		path := fmt.Sprint(i)
		c.keep(path, &page{body: body})
		c.keep(path, &page{body: body}) // by somebody else at the same time
		if c.find("0") == nil {
			t.Errorf("page 0, which is asked for again and again, is gone after page %d", i)
		}
	}
	for path, want := range map[string]bool{"0": true, "1": false, "2": false, "3": true, "4": true} {
		if got := c.find(path) != nil; got != want {
			t.Errorf("page %s is kept: %t, want %t", path, got, want)
		}
	}
	if len(c.byKey) != 3 || c.order.Len() != 3 || c.room != 0 {
		t.Errorf("there are %d pages, in order %d, with room for %d bytes; want 3, 3 and 0", len(c.byKey), c.order.Len(), c.room)
	}
}

// Who searches while others do waits for two seconds, and is asked to come again.
func TestSearchesWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	synctest.Test(t, func(t *testing.T) {
		store, err := subscribers.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		address, err := ParseAddress("https://example.org/")
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(Config{Archive: store.Archive, Address: address})
		if err != nil {
			t.Fatal(err)
		}
		ask := func() *httptest.ResponseRecorder {
			answer := httptest.NewRecorder()
			s.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "https://example.org/search/?q=x", nil))
			return answer
		}
		for range manySearches {
			s.searching <- struct{}{}
		}
		began := time.Now()
		if answer := ask(); answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") != "5" || time.Since(began) != longestWait {
			t.Errorf("status %d after %v, %v", answer.Code, time.Since(began), answer.Header())
		}
		time.AfterFunc(time.Second, func() { <-s.searching })
		if answer := ask(); answer.Code != http.StatusOK {
			t.Errorf("status %d when another search is over", answer.Code)
		}
	})
}
