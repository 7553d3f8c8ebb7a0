package settings

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// OriginKind says what a value was written in.
type OriginKind string

// What a value can be from. A flag wins over a variable, and a variable over the file.
const (
	FromFlag     OriginKind = "flag"
	FromVariable OriginKind = "variable"
	FromFile     OriginKind = "file"
	FromDefault  OriginKind = "default"
	FromNothing  OriginKind = "unset" // and there is no default

	FromCredential OriginKind = "credential" // of systemd
	FromDocker     OriginKind = "docker"     // a secret of Docker
)

// Origin says where the value of a setting is from.
type Origin struct {
	Kind OriginKind `json:"kind"`
	Name string     `json:"name"` // of the flag, the variable, the file or the secret
	Line int        `json:"line"` // in the file
}

// String returns the origin for people.
func (o Origin) String() string {
	switch o.Kind {
	case FromFlag, FromVariable:
		return o.Name
	case FromFile:
		return o.Name + ":" + strconv.Itoa(o.Line)
	case FromNothing:
		return "not set"
	case FromCredential:
		return "the systemd credential " + o.Name
	case FromDocker:
		return "the Docker secret " + o.Name
	}
	return string(o.Kind)
}

// Origins has the origin of each setting, by the names of flags.
type Origins map[string]Origin

// originsOf returns where the values are from that kong is about to apply.
func originsOf(ctx *kong.Context, env Environment, file File) Origins {
	all := Origins{}
	for _, flag := range ctx.Model.Flags {
		if !isSetting(flag) {
			continue
		}
		variable := Variable(flag.Name)
		e, inFile := file.entries[flag.Name]
		switch {
		case isOnCommandLine(ctx, flag):
			all[flag.Name] = Origin{Kind: FromFlag, Name: "--" + flag.Name}
		case env[variable] != "":
			all[flag.Name] = Origin{Kind: FromVariable, Name: variable}
		case inFile:
			all[flag.Name] = Origin{Kind: FromFile, Name: file.name, Line: e.line}
		case flag.HasDefault || flag.IsBool():
			all[flag.Name] = Origin{Kind: FromDefault}
		default:
			all[flag.Name] = Origin{Kind: FromNothing}
		}
	}
	return all
}

func isOnCommandLine(ctx *kong.Context, flag *kong.Flag) bool {
	for _, path := range ctx.Path {
		if path.Flag == flag && !path.Resolved {
			return true
		}
	}
	return false
}

// label names a setting in errors, and where its value is if that is not on the command line
// or in the environment.
func (c Config) label(flag string) string {
	if o := c.Origins[flag]; o.Kind == FromFile {
		return fmt.Sprintf("%s: %s", o, flag)
	}
	return fmt.Sprintf("--%s (%s)", flag, Variable(flag))
}

// Read makes kong take settings from the environment and from the file that --config names,
// and notes in origins where each is from.
func Read(env Environment, origins *Origins) kong.Option {
	return kong.WithBeforeResolve(func(ctx *kong.Context, path *kong.Path) error {
		command := ctx.Selected()
		if path.App == nil || command != nil && needsNone(command.Name) { // kong calls this for every part of a command line
			return nil
		}
		var file File
		name := env[Variable(configFlag)]
		for _, flag := range ctx.Model.Flags {
			if flag.Name == configFlag && isOnCommandLine(ctx, flag) {
				name, _ = ctx.FlagValue(flag).(string)
			}
		}
		if name != "" {
			var err error
			if file, err = readFile(name, ctx.Model.Flags); err != nil {
				return err
			}
		}
		ctx.AddResolver(kong.ResolverFunc(file.Resolve))
		ctx.AddResolver(kong.ResolverFunc(env.Resolve)) // the last wins
		*origins = originsOf(ctx, env, file)
		return nil
	})
}

// Places says in words where settings were given.
func (o Origins) Places(file string) string {
	var places []string
	given := map[OriginKind]int{}
	for flag, origin := range o {
		if flag != configFlag {
			given[origin.Kind]++
		}
	}
	for _, place := range []struct {
		kind OriginKind
		name string
	}{{FromFlag, "on the command line"}, {FromVariable, "in the environment"}, {FromFile, "in " + file}} {
		if n := given[place.kind]; n > 0 {
			places = append(places, fmt.Sprintf("%d %s", n, place.name))
		}
	}
	if places == nil {
		return "they are right; all are defaults"
	}
	return "they are right: " + strings.Join(places, ", ") + "; the rest are defaults"
}
