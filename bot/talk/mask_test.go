package talk_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"digestbot/bot/talk"
)

type words struct{ Text string }

func TestRedact(t *testing.T) {
	const token = "123456:AAsecretsecretsecretsecret"
	var out bytes.Buffer
	log := slog.New(talk.MaskingHandler(slog.NewTextHandler(&out, nil), token))
	address := "https://api.telegram.org/bot" + token + "/getMe"
	wrapped := fmt.Errorf("do: %w", &url.Error{Op: "Post", URL: address, Err: errors.New("refused")})
	for _, write := range []func(){
		func() { log.Info(address) },
		func() { log.Info("m", "url", address) },
		func() { log.Info("m", "err", wrapped) },
		func() { log.Info("m", "any", words{address}, "pointer", &words{address}) },
		func() { log.Info("m", slog.Group("g", "url", address, slog.Group("h", "err", wrapped))) },
		func() { log.With("url", address).Info("m") },
		func() { log.WithGroup("g").Info("m", "url", address) },
		func() { log.Info("m", "query", url.QueryEscape(token)) },
		func() { log.Info("m", "half", "AAsecretsecretsecretsecret") },
	} {
		out.Reset()
		write()
		if got := out.String(); strings.Contains(got, "secret") || !strings.Contains(got, "***") {
			t.Errorf("the log has %q, want *** for the token", got)
		}
	}
	out.Reset()
	log.Info("kept", "n", 7, "err", errors.New("nothing odd"))
	if got := out.String(); !strings.Contains(got, `msg=kept n=7 err="nothing odd"`) {
		t.Errorf("the log has %q", got)
	}
}
