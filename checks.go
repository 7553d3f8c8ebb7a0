package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"digestbot/bot/check"
	"digestbot/bot/settings"
)

// showSettings prints what is in force. The error says what is wrong with it.
func showSettings(std stdio, o settings.Overview, asJSON bool) error {
	write := o.WriteTOML
	if asJSON { // the warnings are in it
		write = o.WriteJSON
	}
	if err := write(std.out); err != nil {
		return err
	}
	for _, warning := range o.Warnings {
		if !asJSON {
			fmt.Fprintln(std.err, "digestbot: warning:", warning)
		}
	}
	if len(o.Mistakes) > 0 {
		return wrongSettings{errors.New(strings.Join(o.Mistakes, "\n"))}
	}
	return nil
}

// runChecks prints what is found about settings and everything around the bot.
func runChecks(ctx context.Context, std stdio, config settings.Config, env settings.Environment, asJSON bool) error {
	s, mistakes := config.Inspect(env)
	styled := isStyled(std, env)
	var written error
	found := check.Run(ctx, check.Config{
		Settings: s, Mistakes: mistakes, Origins: config.Origins.Places(config.ConfigFile), Zone: config.Timezone, Fetch: newClient(config.Fetch(env), nil), Ping: pingService(s),
	}, func(f check.Finding) {
		if !asJSON {
			written = errors.Join(written, f.WriteText(std.out, styled))
		}
	})
	report := check.NewReport(found)
	if asJSON {
		written = report.WriteJSON(std.out)
	}
	switch {
	case written != nil:
		return written
	case len(mistakes) > 0:
		return wrongSettings{errors.New(report.Summary())}
	case report.State == check.Failed:
		return errors.New(report.Summary())
	}
	return nil
}
