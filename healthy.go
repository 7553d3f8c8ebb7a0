package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"digestbot/bot/settings"
)

// healthyTimeout is how long a bot may take to say how it is.
const healthyTimeout = 10 * time.Second

// healthy asks the bot that runs with the same settings how it is, and returns an error if it
// does not do its work. Images of containers have nothing else to ask with.
func healthy(ctx context.Context, config settings.Config, out io.Writer) error {
	if config.Listen == "" {
		return wrongSettings{errors.New("--listen (DIGESTBOT_LISTEN): give the address that the bot has, which answers there how it is")}
	}
	host, port, err := net.SplitHostPort(config.Listen)
	if err != nil {
		return wrongSettings{fmt.Errorf("--listen (DIGESTBOT_LISTEN): %w", err)}
	}
	switch host { // every address of this machine
	case "", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	ctx, cancel := context.WithTimeout(ctx, healthyTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	direct := http.Client{Transport: &http.Transport{}} // never through a proxy
	answer, err := direct.Do(request)
	if err != nil {
		return fmt.Errorf("the bot does not answer: %w", err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
	if err != nil {
		return fmt.Errorf("the bot does not finish its answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the bot does not do its work: %s", strings.TrimSpace(string(said)))
	}
	_, err = fmt.Fprintln(out, strings.TrimSpace(string(said)))
	return err
}
