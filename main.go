// Command digestbot brings a weekly digest to Telegram: one message per
// section, to everybody who subscribed to that section. See README.md.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"
	_ "time/tzdata" // time zones must be known on every machine

	"github.com/alecthomas/kong"

	"digestbot/bot/settings"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
)

type commandLine struct {
	settings.Config `group:"Settings"`
	Version         kong.VersionFlag `short:"v" help:"Print the version and exit."`

	Serve struct{} `cmd:"" default:"1" help:"Run the bot (the default)."`
	Demo  struct {
		Address string `default:"127.0.0.1:7979" placeholder:"HOST:PORT" help:"Where the chat page is served (${default})."`
	} `cmd:"" help:"Try the bot in the browser: no token, no network, nothing kept."`
	Preview struct {
		JSON    bool     `name:"json" help:"Print JSON for programs instead; it has every layout."`
		Explain bool     `help:"Say why: what made the sections, where title, number, date and picture are from, what was moved or left out."`
		Files   []string `arg:"" name:"file" help:"Documents; - is the standard input."`
	} `cmd:"" help:"Show how documents are split into messages, as readers will see them. Nothing is sent or kept."`
	Import struct {
		Paths []string `arg:"" name:"path" help:"Documents, or folders of documents; - is the standard input."`
	} `cmd:"" help:"Put issues into the archive, also while the bot runs. Nothing is sent; the newest issue goes out with the next broadcast."`
	Withdraw struct {
		Undo  bool   `help:"Restore it instead."`
		Issue string `arg:"" help:"Its number or key."`
	} `cmd:"" help:"Take an issue back, also while the bot runs and sends it: nobody gets or finds it any more. What is in a chat stays there."`
	Redate struct {
		Issue string `arg:"" help:"Its number or key."`
		Date  string `arg:"" help:"YYYY-MM-DD."`
	} `cmd:"" help:"Give an issue another date, which holds until its document gets another one."`
}

// stdio is what a command reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := untilStopped()
	err := run(ctx, os.Args[1:], os.Environ(), stdio{os.Stdin, os.Stdout, os.Stderr})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "digestbot: "+strings.ReplaceAll(settings.MaskTokens(err.Error()), "\n", "\ndigestbot: "))
	}
	os.Exit(exitCode(err))
}

// run is the whole program: args without its name, environ as of os.Environ.
func run(ctx context.Context, args, environ []string, std stdio) error {
	env := settings.ReadEnvironment(environ)
	var c commandLine
	done := false // --help or --version has printed everything
	parser, err := kong.New(&c,
		kong.Name("digestbot"),
		kong.Description("Brings a weekly digest to Telegram: one message per section, to everybody who wants that section. "+
			"Every option can also be set by the environment variable named behind it. "+exitCodes),
		kong.Vars{"version": version()},
		kong.Writers(std.out, std.err),
		kong.Resolvers(kong.ResolverFunc(env.Resolve)),
		kong.ValueFormatter(settings.HelpText),
		settings.Durations(),
		kong.Help(settings.PrintHelp),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100}),
		kong.Exit(func(int) { done = true }),
	)
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	switch {
	case done:
		return nil
	case err != nil:
		return wrongSettings{fmt.Errorf("%s; see digestbot %s--help", settings.MaskTokens(err.Error()), selected(err))}
	}
	for _, name := range env.Unknown(parser.Model.Flags) {
		fmt.Fprintf(std.err, "digestbot: warning: %s is set but is not a setting; see digestbot --help\n", name)
	}
	switch command.Selected().Name {
	case "preview":
		styled := isTerminal(std.out) && env["NO_COLOR"] == "" // no-color.org
		return preview(ctx, std, c.Preview.Files, look{json: c.Preview.JSON, explain: c.Preview.Explain, layout: digest.Layout(c.Layout), styled: styled})
	case "import":
		return importAll(ctx, std, c.Config, c.Import.Paths)
	case "withdraw":
		text, err := intake.Withdraw(ctx, c.Database, c.Withdraw.Issue, c.Withdraw.Undo)
		return say(std.out, text, err)
	case "redate":
		text, err := intake.Redate(ctx, c.Database, c.Redate.Issue, c.Redate.Date)
		return say(std.out, text, err)
	case "demo":
		return runDemo(ctx, c.Demo.Address, std)
	default:
		return serve(ctx, c.Config, env, std)
	}
}

// selected returns the command, and a space, whose arguments could not be read. It
// returns "" if there is none.
func selected(err error) string {
	var mistake *kong.ParseError
	if !errors.As(err, &mistake) || mistake.Context.Selected() == nil {
		return ""
	}
	return mistake.Context.Selected().Name + " "
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "digestbot"
	}
	return fmt.Sprintf("digestbot %s (%s)", cmp.Or(info.Main.Version, "(devel)"), info.GoVersion)
}

// preview shows how documents are split. It goes on after a document that cannot be
// read, so that one run names every document at fault.
func preview(ctx context.Context, std stdio, files []string, as look) error {
	var errs []error
	for _, file := range files {
		if err := previewFile(ctx, std, file, as); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// look is how a document is shown.
type look struct {
	json, explain bool
	layout        digest.Layout
	styled        bool // with the terminal's escape sequences
}

func previewFile(ctx context.Context, std stdio, file string, as look) error {
	document, err := intake.ReadFile(ctx, file, std.in)
	if err != nil {
		return err
	}
	batch, err := intake.ParseToShow(document, as.explain)
	if err != nil {
		return err
	}
	if as.json { // the warnings are in it
		return batch.WriteJSON(std.out, time.Now())
	}
	err = batch.WriteText(std.out, as.layout, as.styled)
	for _, warning := range batch.Warnings(time.Now()) {
		fmt.Fprintf(std.err, "digestbot: warning: %s: %s\n", document.Name, warning)
	}
	return err
}

// isTerminal reports whether w shows escape sequences.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// say prints what a command has done, unless it failed with err, which it returns.
func say(out io.Writer, text string, err error) error {
	if err == nil {
		fmt.Fprintln(out, text)
	}
	return err
}

// importAll puts documents into the archive and prints what became of each.
func importAll(ctx context.Context, std stdio, config settings.Config, paths []string) error {
	names, err := config.Names()
	if err != nil {
		return wrongSettings{err}
	}
	if err := subscribers.CheckPath(config.Database); err != nil {
		return wrongSettings{err}
	}
	existed := exists(config.Database)
	counts := map[archive.Saved]int{}
	failed := 0
	documents := intake.ReadAll(ctx, paths, std.in, names, func(name, why string) {
		fmt.Fprintf(std.err, "digestbot: left out: %s: %s\n", name, why)
	})
	err = intake.Import(ctx, config.Database, documents, func(n intake.Note) {
		if n.Err != nil {
			failed++
			fmt.Fprintln(std.err, "digestbot: not imported:", n.Err)
			return
		}
		counts[n.Outcome]++
		fmt.Fprintf(std.out, "%-9s  %s  %s  (%s)\n", n.Outcome, n.Issue.Key, n.Issue.Title, n.Document)
		for _, warning := range n.Warnings {
			fmt.Fprintf(std.err, "digestbot: warning: %s: %s\n", n.Document, warning)
		}
	})
	if err != nil {
		return err
	}
	if !existed && exists(config.Database) {
		fmt.Fprintf(std.err, "digestbot: there was no database, so a new one was made: %s\n", fullPath(config.Database))
	}
	fmt.Fprintf(std.out, "%d added, %d corrected, %d unchanged, %d not imported\n",
		counts[archive.Added], counts[archive.Corrected], counts[archive.Unchanged], failed)
	if failed > 0 {
		return fmt.Errorf("%d could not be imported", failed)
	}
	return nil
}

// exists reports whether there is a file at path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
