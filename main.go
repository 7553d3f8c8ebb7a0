// Command digestbot brings a weekly digest to Telegram: one message per
// section, to everybody who subscribed to that section. See README.md.
package main

import (
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
	"digestbot/bot/site"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/amend"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/backup"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/roster"
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
		Files   []string `arg:"" name:"file" help:"Documents, or their addresses on the web; - is the standard input."`
	} `cmd:"" help:"Show how documents are split into messages, as readers will see them. Nothing is sent or kept."`
	Import struct {
		Paths []string `arg:"" name:"path" help:"Documents, folders of documents, or addresses on the web; - is the standard input."`
	} `cmd:"" help:"Put issues into the archive, also while the bot runs. Nothing is sent; the newest issue goes out with the next broadcast."`
	Withdraw struct {
		Undo  bool   `help:"Restore it instead."`
		Issue string `arg:"" help:"Its number or key."`
	} `cmd:"" help:"Take an issue back, also while the bot runs and sends it: nobody gets or finds it any more. What is in a chat stays there."`
	Export struct {
		Format string `enum:"csv,json," default:"" placeholder:"FORMAT" help:"csv or json, where the name of the file does not say it (csv)."`
		File   string `arg:"" optional:"" help:"A file that ends with .csv or .json; without one, to the standard output."`
	} `cmd:"" help:"Write all subscribers and what each has chosen to a table or to JSON, also while the bot runs. Whoever has the file knows who reads what: only you can open it."`
	ImportSubscribers struct {
		Format  string `enum:"csv,json," default:"" placeholder:"FORMAT" help:"csv or json, where the name of the file does not say it (csv)."`
		Greet   bool   `help:"Have the bot greet each new one once, as soon as it runs."`
		Replace bool   `help:"Give those who are there already the choices of the file; otherwise they keep their own."`
		DryRun  bool   `help:"Only say what would happen."`
		File    string `arg:"" help:"A list as digestbot export writes it, of which the column chat is enough; - is the standard input."`
	} `cmd:"" help:"Subscribe the people of a list, also while the bot runs: all of it, or nothing if anything in it is wrong. A bot can only write to people who have started it: the first message to others is refused, and they get issues, with all that the list says, once they start it. Nobody is subscribed again who has left here. Columns: chat, topic, kind, title, state, reason, joined, language, chosen_language, layout, silent, no_previews, every, paused_until, delivery, zone, muted_sections, muted_other, muted_words, highlighted_words, section_topics, section_topic_ids, layout_advice."`
	Redate struct {
		Issue string `arg:"" help:"Its number or key."`
		Date  string `arg:"" help:"YYYY-MM-DD."`
	} `cmd:"" help:"Give an issue another date, which holds until its document gets another one."`
	Backup struct {
		Force bool   `help:"Replace the file if it is there."`
		File  string `arg:"" help:"A new file, which only you can open; - is the standard output."`
	} `cmd:"" help:"Make a copy of the database in one file, also while the bot runs and sends: checked, and with all that was sent until then. Whoever has the file knows who reads what."`
	Restore struct {
		File string `arg:"" help:"A backup, or the copy of a database with the files beside it; - is the standard input."`
	} `cmd:"" help:"Put a backup in the place of the database, which is kept under another name. Stop the bot first. Broadcasts that were under way at the time of the backup are paused, and the schedule asks before it sends what may have been sent since."`
	Site struct {
		Folder string `arg:"" help:"Folder for them. Files that digestbot has not written there are left alone."`
	} `cmd:"" help:"Write the public archive as files for any web server, also while the bot runs. Whatever has changed since is written anew when this is run again."`
	Check struct {
		JSON bool `name:"json" help:"Print JSON for programs instead."`
	} `cmd:"" help:"Try whether the bot could do its work: settings, token, admins, database, schedule, sources, webhook, clock and more, each with what to do about it. Also while the bot runs, which it does not disturb. Nothing is sent, changed or kept. It ends with 0 if nothing failed, 1 if something did, 78 if settings are wrong."`
	ShowConfig struct {
		JSON    bool `name:"json" xor:"form" help:"Print JSON for programs instead, with what is wrong."`
		Example bool `xor:"form" help:"Print a file of settings to begin with instead: everything that can be set, as comments."`
	} `cmd:"" name:"config" help:"Print every setting in force and where its value is from, without secrets. What is printed is a file of settings that sets the same."`
	Healthy struct{} `cmd:"" help:"Ask the bot that runs with the same settings how it is, at --listen: for containers."`
	About   struct{} `cmd:"" name:"version" help:"Print the version, and what it was made of and with: a report of a fault needs it."`
}

// stdio is what a command reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// garbage is how much garbage may gather, in percent of the memory in use, before it is
// collected. A bot uses a few megabytes, so this costs next to nothing and keeps it small.
const garbage = 50

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
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
			"Every option can also be set by the environment variable named behind it, or in the file of --config. "+exitCodes),
		kong.Vars{"version": thisBuild().short()},
		kong.Writers(std.out, std.err),
		settings.Read(env, &c.Origins),
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
	case errors.Is(err, settings.ErrFile):
		return wrongSettings{err}
	case err != nil:
		return wrongSettings{fmt.Errorf("%s; see digestbot %s--help", settings.MaskTokens(err.Error()), selected(err))}
	}
	for _, name := range env.Unknown(parser.Model.Flags) {
		fmt.Fprintf(std.err, "digestbot: warning: %s is set but is not a setting; see digestbot --help\n", name)
	}
	return c.carryOut(ctx, command, std, env)
}

// carryOut does what the command line says.
func (c *commandLine) carryOut(ctx context.Context, command *kong.Context, std stdio, env settings.Environment) error {
	switch name := command.Selected().Name; name {
	case "preview":
		return preview(ctx, std, c.Preview.Files, look{json: c.Preview.JSON, explain: c.Preview.Explain, layout: digest.Layout(c.Layout), styled: isStyled(std, env), ways: waysOf(std, c.Config, env)})
	case "import":
		return importAll(ctx, std, c.Config, c.Import.Paths, waysOf(std, c.Config, env))
	case "withdraw", "redate", "export", "import-subscribers", "backup", "restore":
		return c.onDatabase(ctx, name, std)
	case "check":
		return runChecks(ctx, std, c.Config, env, c.Check.JSON)
	case "config":
		if c.ShowConfig.Example {
			return settings.WriteExample(std.out, command.Model.Flags)
		}
		return showSettings(std, c.Overview(command.Model.Flags, env), c.ShowConfig.JSON)
	case "site":
		return writeSite(ctx, std, c.Config, c.Site.Folder)
	case "healthy":
		return healthy(ctx, c.Config, std.out)
	case "version":
		_, err := io.WriteString(std.out, thisBuild().long())
		return err
	case "demo":
		return runDemo(ctx, c.Demo.Address, std)
	default:
		return serve(ctx, c.Config, env, std)
	}
}

// onDatabase carries out a command that is about the database alone, and prints what it did.
func (c *commandLine) onDatabase(ctx context.Context, name string, std stdio) error {
	var text string
	var err error
	out := std.out
	switch name {
	case "withdraw":
		text, err = amend.Withdraw(ctx, c.Database, c.Withdraw.Issue, c.Withdraw.Undo)
	case "redate":
		text, err = amend.Redate(ctx, c.Database, c.Redate.Issue, c.Redate.Date)
	case "export":
		out = std.err // the output may be the list
		text, err = roster.ExportFile(ctx, c.Database, c.Export.File, roster.Format(c.Export.Format), std.out)
	case "import-subscribers":
		o := c.ImportSubscribers
		text, err = roster.ImportFile(ctx, c.Database, o.File, roster.Format(o.Format), std.in, roster.Options{Replace: o.Replace, Greet: o.Greet, DryRun: o.DryRun})
	case "backup":
		if c.Backup.File == "-" {
			out = std.err // the output is the backup
		}
		text, err = backup.Make(ctx, c.Database, c.Backup.File, c.Backup.Force, std.out)
	case "restore":
		text, err = backup.Restore(ctx, c.Database, c.Restore.File, std.in)
	}
	return say(out, text, err)
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

// waysOf returns the ways to documents for the commands that read them at once.
func waysOf(std stdio, config settings.Config, env settings.Environment) intake.Ways {
	return intake.Ways{Stdin: std.in, Web: newClient(config.Fetch(env), nil)}
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
	ways          intake.Ways
}

func previewFile(ctx context.Context, std stdio, file string, as look) error {
	document, err := intake.ReadFile(ctx, file, as.ways)
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

// isStyled reports whether the output is for a terminal whose user wants colours.
func isStyled(std stdio, env settings.Environment) bool {
	return isTerminal(std.out) && env["NO_COLOR"] == "" // no-color.org
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
func importAll(ctx context.Context, std stdio, config settings.Config, paths []string, ways intake.Ways) error {
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
	documents := intake.ReadAll(ctx, paths, ways, names, func(name, why string) {
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

// writeSite writes the public archive to a folder, and prints what it did.
func writeSite(ctx context.Context, std stdio, config settings.Config, dir string) (err error) {
	if config.PublicURL == "" {
		return wrongSettings{fmt.Errorf("--public-url (%s): give the address where the folder will be found, which looks like https://example.org/weekly/", settings.Variable("public-url"))}
	}
	address, err := config.ArchiveAddress()
	if err != nil {
		return wrongSettings{fmt.Errorf("--public-url (%s), where the folder will be found: %w", settings.Variable("public-url"), err)}
	}
	store, err := subscribers.OpenExisting(ctx, config.Database)
	if errors.Is(err, subscribers.ErrNoDatabase) {
		return fmt.Errorf("%w (%s)", err, settings.Variable("database"))
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	pages, err := site.New(site.Config{Archive: store.Archive, Address: address, Language: config.Language, Static: true})
	if err != nil {
		return wrongSettings{fmt.Errorf("--language (%s): %w", settings.Variable("language"), err)}
	}
	if store.Publication().Username == "" {
		fmt.Fprintln(std.err, "digestbot: warning: the bot has not run with this database yet, so the pages have neither its name nor a button to subscribe")
	}
	done, err := pages.WriteTo(ctx, dir)
	if err != nil {
		return fmt.Errorf("write the archive to %s: %w", dir, err)
	}
	fmt.Fprintf(std.out, "issues at %s: %d\nfiles: %d written, %d unchanged, %d removed\n", address, done.Issues, done.Changed, done.Unchanged, done.Removed)
	return nil
}

// exists reports whether there is a file at path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
