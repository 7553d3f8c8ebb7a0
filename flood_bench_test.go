package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// floodCommands are what readers ask for in BenchmarkFlood. With the first their
// chats are new.
var floodCommands = []string{"/start", "/sections", "/settings", "/help"}

// BenchmarkFlood has 2,000 people send commands to the real program at once, over
// real connections to a simulator without limits, and reports the processor time of
// the program for each answer, as the operating system counts it.
func BenchmarkFlood(b *testing.B) {
	flood(b, 2000, floodCommands, "--paid-broadcast", "--rate", "1000")
}

// BenchmarkFloodAtPace has 1,500 people do so while the program answers 30 a second, as
// Telegram wants it. The figure includes taking what they sent.
func BenchmarkFloodAtPace(b *testing.B) {
	flood(b, 1500, floodCommands[:1])
}

func flood(b *testing.B, readers int, commands []string, args ...string) {
	b.Helper()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("the figures come from /proc, which only Linux has")
	}
	binary := filepath.Join(b.TempDir(), "digestbot")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	for b.Loop() {
		floodOnce(b, binary, readers, commands, args)
	}
}

func floodOnce(b *testing.B, binary string, readers int, commands, args []string) {
	b.Helper()
	sim := telegramsim.ForTest(b, telegramsim.Options{ImplicitChats: true, Limits: telegramsim.Limits{Off: true}})
	defer sim.Close()
	server := httptest.NewServer(sim)
	defer server.Close()
	database := filepath.Join(b.TempDir(), "digestbot.db")
	startBroadcast(b, database, 1)

	var log bytes.Buffer
	command := exec.Command(binary, append(args, "--database", database, "--api-url", server.URL)...)
	command.Env = append(os.Environ(), "DIGESTBOT_TOKEN="+sim.Token())
	command.Stderr = &log
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = command.Process.Kill() // it has served its purpose
		_ = command.Wait()
	}()
	people := make([]*telegramsim.Person, readers)
	for i := range people {
		people[i] = sim.NewPerson(fmt.Sprint("Reader ", i))
	}
	ctx, cancel := context.WithTimeout(b.Context(), 5*time.Minute)
	defer cancel()
	if err := sim.Wait(ctx, func() bool { return sim.Stats().Sent > 0 }); err != nil {
		b.Fatalf("the program sends nothing: %s", log.String())
	}
	for n, text := range commands {
		before, began, sent := processorTime(b, command.Process.Pid), time.Now(), sim.Stats().Sent
		for _, p := range people {
			p.Write(text)
		}
		if err := sim.Wait(ctx, func() bool { return sim.Stats().Sent-sent >= readers }); err != nil {
			b.Fatalf("command %d: %v: %s", n, err, log.String())
		}
		busy := processorTime(b, command.Process.Pid) - before
		b.ReportMetric(float64(busy.Microseconds())/float64(readers), text[1:]+"-µs/answer")
		b.ReportMetric(float64(readers)/time.Since(began).Seconds(), text[1:]+"/s")
	}
}
