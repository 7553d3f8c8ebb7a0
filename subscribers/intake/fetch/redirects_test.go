package fetch_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"digestbot/subscribers/intake/fetch"
)

func TestRedirects(t *testing.T) {
	tests := []struct {
		name  string
		hops  []int
		moved int // how many of the hops the caller is to keep
	}{
		{"for good", []int{301}, 1},
		{"for good, with the method kept", []int{308}, 1},
		{"for good and again", []int{301, 308, 301}, 3},
		{"for now", []int{302}, 0},
		{"for now, see another", []int{303}, 0},
		{"for now, with the method kept", []int{307}, 0},
		{"for good, then for now", []int{301, 302}, 1},
		{"for now, then for good", []int{302, 301}, 0},
		{"as often as allowed", []int{301, 301, 301, 301, 301}, 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWeb(t)
			server := w.open(chain(test.hops))
			got, err := w.get(server.URL + "/0")
			if err != nil || string(got.Data) != "here" {
				t.Fatalf("got %+v, %v", got, err)
			}
			if want := fmt.Sprintf("%s/%d", server.URL, len(test.hops)); got.Address != want {
				t.Errorf("found at %s, want %s", got.Address, want)
			}
			want := ""
			if test.moved > 0 {
				want = fmt.Sprintf("%s/%d", server.URL, test.moved)
			}
			if got.Moved != want {
				t.Errorf("moved to %q, want %q", got.Moved, want)
			}
		})
	}
}

// chain redirects from /0 to /1 and so on.
func chain(hops []int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil || i == len(hops) {
			fmt.Fprint(w, "here")
			return
		}
		moves(hops[i], fmt.Sprintf("%d#part", i+1))(w, r)
	}
}

func TestRedirectsThatLeadNowhere(t *testing.T) {
	tests := []struct {
		name   string
		answer http.HandlerFunc
		kind   fetch.Kind
		says   string
	}{
		{"loop", moves(301, "/"), fetch.Wrong, "again and again"},
		{"one too many", chain([]int{301, 301, 301, 301, 301, 301}), fetch.Wrong, "again and again"},
		{"no address", status(302), fetch.Wrong, "not to an address"},
		{"no address at all", moves(302, "http://[::1"), fetch.Wrong, "not to an address"},
		{"a file", moves(302, "file:///etc/passwd"), fetch.Wrong, "only http and https"},
		{"a script", moves(302, "javascript:alert(1)"), fetch.Wrong, "only http and https"},
		{"another kind of server", moves(302, "gopher://example.org/"), fetch.Wrong, "only http and https"},
		{"no host", moves(302, "http:///feed"), fetch.Wrong, "no name of a host"},
		{"private", moves(302, "http://127.0.0.1:1/"), fetch.Private, "127.0.0.1 is not on the public internet"},
		{"private, for good", moves(301, "http://10.0.0.1/"), fetch.Private, "10.0.0.1"},
		{"private in IPv6", moves(301, "http://[::1]:1/"), fetch.Private, "::1"},
		{"private in IPv6 that holds IPv4", moves(301, "http://[::ffff:10.0.0.1]/"), fetch.Private, "10.0.0.1"},
		{"metadata of a cloud", moves(302, "http://169.254.169.254/latest/meta-data/"), fetch.Private, "169.254.169.254"},
		{"a name of this machine", moves(302, "http://localhost:1/"), fetch.Private, "localhost leads to"},
		{"an odd spelling", moves(302, "http://2130706433/"), fetch.Wrong, "no name of a host"},
		{"another odd spelling", moves(302, "http://127.1/"), fetch.Wrong, "no name of a host"},
		{"digits of another script", moves(302, "http://１２７.０.０.１:1/"), fetch.Private, "127.0.0.1"},
		{"gone there", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/new" {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			moves(301, "/new")(w, r)
		}, fetch.Gone, "/new: the server says 404"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWeb(t)
			server := w.open(test.answer)
			got, err := w.get(server.URL + "/0")
			e, ok := errors.AsType[*fetch.Error](err)
			if !ok || e.Kind != test.kind || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %+v, %v; want an error that is %q and says %q", got, err, test.kind, test.says)
			}
			if len(w.asked) > 6 {
				t.Errorf("asked %d times", len(w.asked))
			}
		})
	}
}

// A private server must not even be asked.
func TestRedirectToPrivateServer(t *testing.T) {
	w := newWeb(t)
	secret := w.private(says("secret"))
	server := w.open(moves(http.StatusFound, secret.URL+"/secret"))
	got, err := w.get(server.URL + "/public")
	if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Private {
		t.Errorf("got %+v, %v", got, err)
	}
	if len(w.asked) != 1 || w.asked[0] != "/public" {
		t.Errorf("asked %v", w.asked)
	}
}

func TestPasswords(t *testing.T) {
	w := newWeb(t)
	var seen []string
	note := func(name string, next http.HandlerFunc) http.HandlerFunc {
		return func(out http.ResponseWriter, r *http.Request) {
			user, password, _ := r.BasicAuth()
			seen = append(seen, name+" "+user+":"+password)
			next(out, r)
		}
	}
	other := w.open(note("other", says("here")))
	second := w.open(note("same", moves(http.StatusFound, strings.Replace(other.URL, "://", "://mallory:own@", 1)+"/there")))
	first := w.open(note("first", func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			moves(http.StatusMovedPermanently, "/b")(out, r)
			return
		}
		moves(http.StatusMovedPermanently, second.URL+"/c")(out, r)
	}))
	address := strings.Replace(first.URL, "://", "://me:secret@", 1) + "/a"
	got, err := w.get(address)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"first me:secret", "first me:secret", "same :", "other :"}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("seen %v, want %v", seen, want)
	}
	if got.Moved != second.URL+"/c" || strings.Contains(got.Address+got.Version.Address, "@") {
		t.Errorf("got %+v", got)
	}
}

// Only an address of the same server keeps its password when it moves.
func TestPasswordMovesAlong(t *testing.T) {
	w := newWeb(t)
	server := w.open(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			moves(http.StatusMovedPermanently, "/new")(out, r)
			return
		}
		fmt.Fprint(out, "here")
	})
	withPassword := strings.Replace(server.URL, "://", "://me:secret@", 1)
	got, err := w.get(withPassword + "/old")
	if err != nil || got.Moved != withPassword+"/new" || got.Address != server.URL+"/new" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestErrorsHideSecrets(t *testing.T) {
	w := newWeb(t)
	server := w.open(status(http.StatusForbidden))
	address := strings.Replace(server.URL, "://", "://me:hush@", 1) + "/feed?key=hush#hush"
	for _, address := range []string{address, strings.Replace(address, "127.0.0.1", "localhost", 1),
		"ftp://me:hush@example.org/", "http://me:hush@[::1/", "http://me:hush@/", "http://me:hush@\x7f/", "hush"} {
		_, err := w.get(address)
		if err == nil || address != "hush" && strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: error %v", address, err)
		}
	}
}
