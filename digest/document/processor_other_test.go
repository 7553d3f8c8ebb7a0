//go:build !unix

package document_test

import "time"

// processorTime is unknown here.
func processorTime() time.Duration { return 0 }
