package page

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"digestbot/digest/document/plain"
)

// invitesToOpen reports whether the summary of a fold only says that it opens. In a
// message what it folds is there already.
func invitesToOpen(summary *html.Node) bool {
	text := strings.TrimFunc(textOf(summary), func(r rune) bool { return !unicode.IsLetter(r) })
	return openTexts[plain.FoldLine(text)]
}

var openTexts = plain.NewWords("click to expand|click to expand/collapse|click here to expand|click to open|click to show|click to show more|click to view|click to see|click to see more|click to reveal|click me|expand|expand/collapse|expand me|expand all|collapse|unfold|open|show|show more|show all|show details|see more|see all|see details|view more|view all|view details|read more|more|details|toggle|" +
	"aufklappen|ausklappen|zum aufklappen klicken|klicken zum aufklappen|mehr anzeigen|anzeigen|einblenden|mehr lesen|mehr|cliquez pour dérouler|cliquer pour dérouler|cliquez pour afficher|cliquer pour afficher|dérouler|déplier|afficher|afficher plus|voir plus|lire la suite|détails|haz clic para ampliar|haz clic para expandir|clic para expandir|desplegar|mostrar|mostrar más|ver más|leer más|detalles|clique para expandir|clique para ver|clique para abrir|expandir|mostrar mais|ver mais|leia mais|detalhes|clicca per espandere|espandi|mostra|mostra altro|leggi di più|dettagli|klik om uit te klappen|uitklappen|toon meer|lees meer|rozwiń|kliknij, aby rozwinąć|pokaż|pokaż więcej|szczegóły|rozbalit|zobrazit|zobrazit více|genişletmek için tıklayın|daha fazla|göster|ayrıntılar|xem thêm|bấm để mở rộng|selengkapnya|klik untuk membuka|" +
	"развернуть|раскрыть|показать|показать всё|показать еще|показать ещё|нажмите, чтобы развернуть|нажмите, чтобы раскрыть|подробнее|подробности|спойлер|читать далее|розгорнути|показати|натисніть, щоб розгорнути|детальніше|点击展开|点击展开全文|点击展开/折叠|点我展开|点击查看|点击查看详情|点击打开|展开|展开全文|展开查看|展开/折叠|查看更多|查看详情|详情|更多|點擊展開|點我展開|點擊查看|展開|展開全文|詳情|クリックして展開|クリックで展開|クリックで表示|クリックして表示|開く|展開する|もっと見る|続きを読む|詳細|펼치기|접기/펼치기|펼쳐보기|클릭하여 펼치기|더보기|더 보기|자세히 보기|자세히")
