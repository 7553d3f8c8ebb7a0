package web_test

import (
	"fmt"
	"net/url"

	"digestbot/digest/document/web"
)

func Example() {
	base, _ := url.Parse("https://example.org/issues/12")
	fmt.Println(web.Resolve(base, "../boats"))
	fmt.Println(web.Picture(base, "https://proxy.example/?url=https%3A%2F%2Fexample.org%2Fa.png"))
	fmt.Println(web.Target(base, "javascript:void(0)") == "")
	// Output:
	// https://example.org/boats
	// https://example.org/a.png
	// true
}
