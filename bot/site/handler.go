package site

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"digestbot/subscribers/database"
)

// policy is the content security policy: a page runs nothing, takes its style from here and
// pictures from anywhere over https, and stands in no frame.
const policy = "default-src 'none'; style-src 'self'; img-src https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const (
	// revalidated pages may be kept by anybody, who has to ask each time whether they have
	// changed: an issue that was taken back must not live on in a cache.
	revalidated = "public, no-cache"
	unchanging  = "public, max-age=31536000, immutable"
)

// ServeHTTP answers a request for a page of the archive.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if hostOf(r.Host, s.config.Address.Scheme) != s.host {
		http.Error(w, "This server answers for "+s.address+" only. Does the proxy pass on the name of the host?", http.StatusMisdirectedRequest)
		return
	}
	path, inside := strings.CutPrefix(r.URL.Path, s.config.Address.Path)
	if r.URL.Path+"/" == s.config.Address.Path {
		s.redirect(w, "")
		return
	}
	g, err := s.generation(r.Context())
	switch {
	case err != nil:
		s.fail(w, r, err)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		s.refuse(w, r, g, http.StatusMethodNotAllowed)
	case !inside:
		s.refuse(w, r, g, http.StatusNotFound)
	case path == searchPath && !s.config.Static:
		s.serveSearch(w, r, g)
	case path == notFoundPath, path == readOnlyPath, path == busyPath: // which are not for asking
		s.refuse(w, r, g, http.StatusNotFound)
	default:
		s.servePage(w, r, g, path)
	}
}

func (s *Site) servePage(w http.ResponseWriter, r *http.Request, g *generation, path string) {
	p, err := s.page(r.Context(), g, path)
	switch {
	case errors.Is(err, database.ErrNotFound):
		s.refuse(w, r, g, http.StatusNotFound)
	case err != nil:
		s.fail(w, r, err)
	case p.moved != "":
		s.redirect(w, p.moved)
	default:
		w.Header().Set("Cache-Control", revalidated)
		if p.forever {
			w.Header().Set("Cache-Control", unchanging)
		}
		send(w, r, p, http.StatusOK)
	}
}

// redirect leads to a page by its path. It is not kept: it may lead elsewhere tomorrow.
func (s *Site) redirect(w http.ResponseWriter, path string) {
	if path == here {
		path = ""
	}
	w.Header().Set("Location", s.path+path)
	w.WriteHeader(http.StatusFound)
}

// here is the path of the index where an empty one means nothing.
const here = "./"

// refusals are the pages that say why there is none.
var refusals = map[int]string{
	http.StatusNotFound:           notFoundPath,
	http.StatusMethodNotAllowed:   readOnlyPath,
	http.StatusServiceUnavailable: busyPath,
}

func (s *Site) refuse(w http.ResponseWriter, r *http.Request, g *generation, status int) {
	p, err := s.page(r.Context(), g, refusals[status])
	if err != nil {
		s.fail(w, r, err)
		return
	}
	send(w, r, p, status)
}

// fail answers a request that could not be answered, unless nobody waits any more.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return
	}
	s.config.Log.Error("a page of the archive cannot be made", "path", r.URL.Path, "err", err)
	http.Error(w, "This page cannot be made at this moment. Try again in a minute.", http.StatusInternalServerError)
}

// send sends a page, or says that the client has it.
func send(w http.ResponseWriter, r *http.Request, p *page, status int) {
	h, body, tag := w.Header(), p.body, p.tag
	h.Set("Vary", "Accept-Encoding")
	if p.zipped != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		body, tag = p.zipped, p.tag+zippedTag
		h.Set("Content-Encoding", "gzip")
	}
	if tag != "" && status == http.StatusOK {
		h.Set("ETag", `"`+tag+`"`)
		if has(r.Header.Get("If-None-Match"), p.tag) {
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", p.kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) //nolint:gosec // a page of our own, escaped by its template; who has gone needs no answer
	}
}

// zippedTag ends the tag of a body in gzip, which is another sequence of bytes.
const zippedTag = "-gz"

// has reports whether a list of tags (RFC 9110, section 13.1.2) has one, however it was sent.
func has(list, tag string) bool {
	if list == "" {
		return false
	}
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "*" {
			return true
		}
		one = strings.Trim(strings.TrimPrefix(one, "W/"), `"`)
		if strings.TrimSuffix(one, zippedTag) == tag {
			return true
		}
	}
	return false
}

// takesGzip reports whether a client takes gzip (RFC 9110, section 12.5.3).
func takesGzip(header string) bool {
	for one := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(one, ";")
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip", "*":
			_, q, _ := strings.Cut(weight, "=")
			value, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
			return err != nil || value > 0
		}
	}
	return false
}

// sendOnce sends a page that nobody else will ask for.
func sendOnce(w http.ResponseWriter, r *http.Request, body []byte) {
	p := &page{kind: htmlKind, body: body}
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		p.zipped = zip(body, gzip.BestSpeed)
	}
	send(w, r, p, http.StatusOK)
}

// retryAfter is in seconds.
const retryAfter = 5

func (s *Site) busy(w http.ResponseWriter, r *http.Request, g *generation) {
	w.Header().Set("Retry-After", fmt.Sprint(retryAfter))
	s.refuse(w, r, g, http.StatusServiceUnavailable)
}
