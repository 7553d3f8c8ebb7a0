package document_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/internal/longtest"
)

// What it may take to read a document of up to largeDocument bytes, and to show it in every
// way.
const (
	largeDocument = 1_000_000
	memoryLimit   = 64 << 20
)

var (
	everyShape = flag.Bool("every-shape", false, "measure each hostile document as large as it may be in a process of its own; takes minutes")
	cpuLimit   = flag.Duration("cpu-limit", 0, "processor time that a document of 1 MB may take in -every-shape and FuzzBounds; 0: any")
)

// measured is the variable that names the shape which this process is to measure. The test
// program runs itself for that: the memory that Go has from the system never becomes less,
// and a stack that overflows ends the process.
const measured = "DIGEST_TEST_MEASURED"

const allShapes = "all"

func TestMain(m *testing.M) {
	switch name := os.Getenv(measured); name {
	case "":
		os.Exit(m.Run())
	case allShapes:
		tryShapes()
	default:
		measureShape(name)
	}
}

func shapesOfAllKinds() []shape { return slices.Concat(hostile, extremes, markupShapes) }

// tryShapes reads one document of each shape, and prints the first that takes too much.
func tryShapes() {
	before := obtained()
	for _, h := range shapesOfAllKinds() {
		issues, err := document.ParseAll("hostile.md", []byte(h.write(largeDocument/4)))
		if err == nil {
			issues[0].Messages()
		}
		if taken := obtained() - before; taken > memoryLimit {
			fmt.Printf("%s takes %d MB\n", h.name, taken>>20)
			return
		}
	}
}

// TestBounds holds that no document takes more memory than memoryLimit.
func TestBounds(t *testing.T) {
	longtest.Only(t)
	if out := runMeasured(t, allShapes); out != "" {
		t.Error(out)
	}
}

// TestEveryShape holds the same, and the processor time, for each shape on its own. A document
// of it is as large as largeDocument. If that is refused, the largest that is not refused is
// read too, alone and with text behind it.
func TestEveryShape(t *testing.T) {
	if !*everyShape {
		t.Skip("takes minutes: run it with -every-shape")
	}
	for _, h := range shapesOfAllKinds() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel() // each is measured in a process of its own
			var memory, nanoseconds, bytes int
			out := runMeasured(t, h.name)
			if _, err := fmt.Sscan(out, &memory, &nanoseconds, &bytes); err != nil {
				t.Fatalf("printed %.1000q", out)
			}
			processor := time.Duration(nanoseconds)
			fmt.Printf("%5.1f MB  %5.2f s  %7d bytes accepted  %s\n", float64(memory)/(1<<20), processor.Seconds(), bytes, h.name)
			if memory > memoryLimit || *cpuLimit > 0 && processor > *cpuLimit {
				t.Errorf("takes %d MB and %v", memory>>20, processor)
			}
		})
	}
}

// measureShape prints how much memory a shape takes, how much processor time the worst of its
// documents, and how large the largest is that is not refused.
func measureShape(name string) {
	shapes := shapesOfAllKinds()
	h := shapes[slices.IndexFunc(shapes, func(h shape) bool { return h.name == name })]
	before := obtained()
	size := accepted(h, largeDocument)
	documents := []string{h.write(size)}
	if size < largeDocument {
		documents = append(documents, h.write(largeDocument), documents[0]+"\n\n"+strings.Repeat("words ", (largeDocument-size)/6))
	}
	var worst time.Duration
	for _, document := range documents {
		began := processorTime()
		showAll(document)
		worst = max(worst, processorTime()-began)
	}
	fmt.Println(obtained()-before, worst.Nanoseconds(), size)
}

// accepted returns about how large a shape may be, up to size, before it is refused for its
// bounds.
func accepted(h shape, size int) int {
	for size > 1000 && outOfBounds(h.write(size)) {
		size = size * 9 / 10
	}
	return size
}

func outOfBounds(text string) bool {
	_, err := document.ParseAll("hostile.md", []byte(text))
	_, bounds := errors.AsType[*document.BoundsError](err)
	_, front := errors.AsType[*document.FrontMatterError](err)
	return bounds || front
}

// showAll does with a document all that the program does with documents.
func showAll(text string) {
	issues, err := document.ParseAll("hostile.md", []byte(text))
	if err != nil {
		return
	}
	for _, issue := range issues {
		if _, err := json.Marshal(issue.Preview(time.Now())); err != nil {
			panic(err)
		}
		for _, layout := range []digest.Layout{digest.LayoutSections, digest.LayoutCompact, digest.LayoutRich} {
			issue.Terminal(layout, true)
		}
	}
}

// obtained returns how much memory Go has got from the operating system so far, in bytes.
func obtained() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys
}

// runMeasured runs this program to measure a shape and returns what it printed.
func runMeasured(t *testing.T, name string) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), measured+"="+name)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v: %.2000s", name, err, out)
	}
	return string(out)
}

// FuzzBounds repeats a piece of a document up to largeDocument bytes, and holds that reading
// and showing it takes no more than memoryLimit and -cpu-limit.
func FuzzBounds(f *testing.F) {
	for _, h := range shapesOfAllKinds() {
		f.Add("", h.write(60), "", uint32(0))
	}
	f.Add("+++\nx=", "{a=", "\n+++\n", uint32(8000))
	f.Add("---\nx: ", "[", "\n---\n", uint32(1<<20))
	f.Add("<p><font a><font b>", "<p>a", "", uint32(7000))
	f.Add("<rss><channel><item>", "<a>", "</item>", uint32(60))
	f.Add("|a|b|\n|-|-|\n", "|\n", "", uint32(5000))
	before := obtained()
	f.Fuzz(func(t *testing.T, start, again, end string, times uint32) {
		room := largeDocument - len(start) - len(end)
		if room < 0 || again == "" {
			return
		}
		document := start + strings.Repeat(again, min(int(times), room/len(again))) + end
		began := processorTime()
		showAll(document)
		if taken := obtained() - before; taken > memoryLimit {
			t.Errorf("takes %d MB", taken>>20)
		}
		if taken := processorTime() - began; *cpuLimit > 0 && taken > *cpuLimit {
			t.Errorf("takes %v", taken)
		}
	})
}
