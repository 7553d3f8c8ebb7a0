package scheduler_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"digestbot/scheduler"
)

func ExampleSchedule_Next() {
	berlin, err := scheduler.Location("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	fridays, err := scheduler.Parse("0 9 * * FRI", berlin)
	if err != nil {
		panic(err)
	}
	due := time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)
	for range 2 {
		due = fridays.Next(due)
		fmt.Println(due)
	}
	// Output:
	// 2026-10-23 09:00:00 +0200 CEST
	// 2026-10-30 09:00:00 +0100 CET
}

func ExampleScheduler_Run() {
	fridays, err := scheduler.Parse("0 9 * * FRI", time.UTC)
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	clock := scheduler.New(scheduler.Config{
		Schedule: fridays,
		CatchUp:  24 * time.Hour,
		LastRun: func(context.Context, time.Time) (time.Time, error) { // as the database has it
			return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), nil
		},
		Fire: func(_ context.Context, scheduled time.Time) error {
			fmt.Println("due on", scheduled)
			stop()
			return nil
		},
		Now:    func() time.Time { return time.Date(2026, 11, 27, 13, 0, 0, 0, time.UTC) },
		Logger: slog.New(slog.DiscardHandler),
	})
	fmt.Println(clock.Run(ctx))
	// Output:
	// due on 2026-11-27 09:00:00 +0000 UTC
	// <nil>
}
