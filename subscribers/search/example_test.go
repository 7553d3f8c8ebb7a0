package search_test

import (
	"fmt"

	"digestbot/subscribers/search"
)

func Example() {
	q := search.Parse("Linux 内核")
	for _, text := range []string{"linux 6.18 发布：内核更快", "Windows 11"} {
		if q.Score("", search.Fold(text)) == 0 {
			continue
		}
		for _, piece := range q.Excerpt(text, 40) {
			if piece.Hit {
				fmt.Printf("<b>%s</b>", piece.Text)
			} else {
				fmt.Print(piece.Text)
			}
		}
		fmt.Println()
	}
	// Output:
	// <b>linux</b> 6.18 发布：<b>内核</b>更快
}
