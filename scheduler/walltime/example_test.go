package walltime_test

import (
	"fmt"
	"time"

	"digestbot/scheduler/walltime"
)

func ExampleFirst() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	for _, wall := range []time.Time{
		time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 2, 30, 0, 0, time.UTC),  // skipped
		time.Date(2026, 10, 25, 2, 30, 0, 0, time.UTC), // comes twice
	} {
		fmt.Println(walltime.First(wall, berlin))
	}
	// Output:
	// 2026-03-27 09:00:00 +0100 CET
	// 2026-03-29 03:00:00 +0200 CEST
	// 2026-10-25 02:30:00 +0200 CEST
}
