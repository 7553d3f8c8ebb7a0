package telegramsim

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

// upload is a file that came with a request.
type upload struct {
	name string
	mime string
	data []byte
}

// params are the parameters of a call, as text, however they travelled.
type params struct {
	values map[string]string
	files  map[string]upload
	nulls  []string // those that were null in a JSON body
}

// errNoContent means that the request announced a body and had none. Telegram's server
// takes the request for cut off, and answers 400 without any words (tdlib/td,
// HttpReader.cpp read_next). The proxy before api.telegram.org mends a chunked body, but not
// a form.
type errNoContent string

func (e errNoContent) Error() string { return string(e) }

const (
	noChunks errNoContent = "a chunked body without chunks"
	noParts  errNoContent = "a multipart form without parts"
)

// readParams reads the query string, and a body in multipart, urlencoded or JSON form. A
// request without a body has no parameters, whatever its type says.
func readParams(r *http.Request) (params, error) {
	p := params{values: map[string]string{}}
	if r.URL.RawQuery != "" {
		for name, value := range r.URL.Query() {
			p.values[name] = value[0]
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

func (p *params) readMultipart(body io.Reader, boundary string) error {
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
			p.addFile(part.FormName(), upload{name: name, mime: part.Header.Get("Content-Type"), data: data})
			continue
		}
		p.values[part.FormName()] = string(data)
	}
}

func (p *params) addFile(field string, u upload) {
	if p.files == nil {
		p.files = map[string]upload{}
	}
	p.files[field] = u
}

func (p *params) readForm(body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	values, err := url.ParseQuery(string(data))
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	for name, value := range values {
		p.values[name] = value[0]
	}
	return nil
}

func (p *params) readJSON(body io.Reader) error {
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
			p.values[name] = text
			continue
		}
		p.values[name] = string(raw)
	}
	return nil
}

func (p params) text(name string) string { return p.values[name] }

func (p params) has(name string) bool { return p.values[name] != "" }

// integer reads a number. Anything else counts as 0, as on Telegram's server.
func (p params) integer(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(p.values[name]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (p params) flag(name string) bool {
	v := strings.ToLower(strings.TrimSpace(p.values[name]))
	return v == "true" || v == "yes" || v == "1"
}

// object decodes a JSON parameter into v and reports whether there was one. An error has
// Telegram's words.
func (p params) object(name string, v any) (bool, error) {
	raw := strings.TrimSpace(p.values[name])
	if raw == "" {
		return false, nil
	}
	if err := json.Unmarshal([]byte(raw), v); err != nil {
		return false, fmt.Errorf("can't parse %s JSON object", strings.ReplaceAll(name, "_", " "))
	}
	return true, nil
}
