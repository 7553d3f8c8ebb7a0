package bot_test

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"

	"digestbot/subscribers/storetest"
)

// atOnce is how many parallel tests run at once at least: most of their time they wait for
// disks and for the pace at which Telegram takes messages, not for the processor.
const atOnce = 6

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(max(atOnce, runtime.GOMAXPROCS(0)))); err != nil { // -parallel on the command line wins
		panic(err)
	}
	os.Exit(storetest.InMemory(m))
}
