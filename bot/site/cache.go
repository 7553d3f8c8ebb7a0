package site

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"digestbot/subscribers/archive"
)

// page is a page as it is sent.
type page struct {
	kind    string // its content type
	body    []byte
	zipped  []byte // body in gzip; nil: it would hardly be smaller
	tag     string // the hash of body
	forever bool   // another body has another path
	moved   string // not empty: there is only a redirect to this path
}

// size returns how much memory a page takes, in bytes.
func (p *page) size() int { return len(p.body) + len(p.zipped) + 500 }

// newPage makes a page, which is compressed as well as can be: it is sent often.
func newPage(kind string, body []byte) *page {
	return &page{kind: kind, body: body, zipped: zip(body, gzip.BestCompression), tag: hashOf(body)}
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// zip compresses a body, or returns nil if that saves less than a tenth.
func zip(body []byte, level int) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil || w.Close() != nil || out.Len() > len(body)*9/10 {
		return nil
	}
	return out.Bytes()
}

// edition is what the pages are of.
type edition struct {
	state       archive.State
	publication archive.Publication
}

// generation is the pages of one edition. It is thrown away with all of them.
type generation struct {
	of     edition
	pages  *cache
	making singleflight.Group
}

const (
	// maxCached is how much memory pages may take, in bytes: several hundred issues.
	maxCached = 32 << 20
	// longestRendering is how long a page may take. Nobody waits for it any longer.
	longestRendering = 20 * time.Second
)

// page returns a page of this generation, and makes it if nobody did.
func (s *Site) page(ctx context.Context, g *generation, path string) (*page, error) {
	if known := g.pages.find(path); known != nil {
		return known, nil
	}
	made := g.making.DoChan(path, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestRendering) // others wait for it as well
		defer cancel()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case s.rendering <- struct{}{}:
		}
		defer func() { <-s.rendering }()
		p, err := s.render(ctx, path)
		if err == nil {
			g.pages.keep(path, p)
		}
		return p, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case result := <-made:
		if result.Err != nil {
			return nil, result.Err
		}
		return result.Val.(*page), nil //nolint:forcetypeassert // see above
	}
}

// cache keeps the pages that were asked for last.
type cache struct {
	mu    sync.Mutex
	room  int // in bytes
	byKey map[string]*list.Element
	order list.List // of *kept, the one that was asked for last in front
}

type kept struct {
	path string
	page *page
}

func newCache(room int) *cache { return &cache{room: room, byKey: map[string]*list.Element{}} }

func (c *cache) find(path string) *page {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[path]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*kept).page //nolint:forcetypeassert // see order
}

func (c *cache) keep(path string, p *page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[path] != nil {
		return
	}
	c.room -= p.size()
	c.byKey[path] = c.order.PushFront(&kept{path, p})
	for c.room < 0 {
		last := c.order.Remove(c.order.Back()).(*kept) //nolint:forcetypeassert // see order
		delete(c.byKey, last.path)
		c.room += last.page.size()
	}
}
