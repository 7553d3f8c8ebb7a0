package encoding_test

import (
	"fmt"

	"digestbot/digest/document/encoding"
)

func ExampleDecode() {
	text, warning, err := encoding.Decode([]byte("Un caf\xe9 cr\xe8me, et le d\xe9jeuner est servi."), func([]byte) bool { return false })
	fmt.Println(text, err)
	fmt.Println(warning)
	// Output:
	// Un café crème, et le déjeuner est servi. <nil>
	// it is not UTF-8 and declares no other encoding: read as windows-1252; save it as UTF-8 if letters look wrong
}
