package botapi

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxRequestBytes bounds a request: Telegram takes uploads of 50 MB.
const maxRequestBytes = 51 << 20

// Upload is a file that came with a request.
type Upload struct {
	Name string
	Type string // of the content, as the request names it
	Data []byte
}

// Params are the parameters of a call, as text, however they travelled.
type Params struct {
	Values map[string]string
	Files  map[string]Upload
	nulls  []string // those that were null in a JSON body
}

// NoContentError means that the request announced a body and had none. Telegram's server
// takes the request for cut off, and answers 400 without any words (tdlib/td,
// HttpReader.cpp read_next). The proxy before api.telegram.org mends a chunked body, but not
// a form.
type NoContentError string

func (e NoContentError) Error() string { return string(e) }

const (
	noChunks NoContentError = "a chunked body without chunks"
	noParts  NoContentError = "a multipart form without parts"
)

// ReadParams reads the query string, and a body in multipart, urlencoded or JSON form. A
// request without a body has no parameters, whatever its type says.
func ReadParams(r *http.Request) (Params, error) {
	p := Params{Values: map[string]string{}}
	if r.URL.RawQuery != "" {
		for name, value := range r.URL.Query() {
			p.Values[name] = value[0]
		}
	}
	if r.Body == nil || r.Body == http.NoBody {
		return p, nil
	}
	body := bufio.NewReader(io.LimitReader(r.Body, maxRequestBytes))
	if _, err := body.Peek(1); err == io.EOF {
		return p, noChunks // a length of 0 would have made it http.NoBody
	}
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		_, err = io.Copy(io.Discard, body)
		return p, err
	}
	switch kind {
	case "multipart/form-data":
		err = p.readMultipart(body, options["boundary"])
	case "application/json":
		err = p.readJSON(body)
	case "application/x-www-form-urlencoded":
		err = p.readForm(body)
	}
	if err != nil {
		return p, err
	}
	_, err = io.Copy(io.Discard, body)
	return p, err
}

func (p *Params) readMultipart(body io.Reader, boundary string) error {
	parts := multipart.NewReader(body, boundary)
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) && n == 0 {
			return noParts
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read form: %w", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("read form field: %w", err)
		}
		if name := part.FileName(); name != "" {
			p.addFile(part.FormName(), Upload{Name: name, Type: part.Header.Get("Content-Type"), Data: data})
			continue
		}
		p.Values[part.FormName()] = string(data)
	}
}

func (p *Params) addFile(field string, u Upload) {
	if p.Files == nil {
		p.Files = map[string]Upload{}
	}
	p.Files[field] = u
}

func (p *Params) readForm(body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	values, err := url.ParseQuery(string(data))
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	for name, value := range values {
		p.Values[name] = value[0]
	}
	return nil
}

func (p *Params) readJSON(body io.Reader) error {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&fields); err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		return fmt.Errorf("read JSON: %w", err)
	}
	for name, raw := range fields {
		var text string
		if string(raw) == "null" {
			p.nulls = append(p.nulls, name)
		} else if json.Unmarshal(raw, &text) == nil {
			p.Values[name] = text
			continue
		}
		p.Values[name] = string(raw)
	}
	return nil
}

// Text returns a parameter, or "" if it was not given.
func (p Params) Text(name string) string { return p.Values[name] }

// Has reports whether a parameter is there and not empty.
func (p Params) Has(name string) bool { return p.Values[name] != "" }

// Integer reads a number. Anything else counts as 0, as on Telegram's server.
func (p Params) Integer(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(p.Values[name]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Flag reports whether a parameter is true.
func (p Params) Flag(name string) bool {
	v := strings.ToLower(strings.TrimSpace(p.Values[name]))
	return v == "true" || v == "yes" || v == "1"
}

// Object decodes a JSON parameter into v and reports whether there was one. An error has
// Telegram's words.
func (p Params) Object(name string, v any) (bool, error) {
	raw := strings.TrimSpace(p.Values[name])
	if raw == "" {
		return false, nil
	}
	if err := json.Unmarshal([]byte(raw), v); err != nil {
		return false, fmt.Errorf("can't parse %s JSON object", strings.ReplaceAll(name, "_", " "))
	}
	return true, nil
}
