package cut

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// navTexts lead to other pages of the same site.
var navTexts = plain.NewWords("prev|previous|next|previous issue|next issue|prev issue|previous post|next post|previous page|next page|previous week|next week's issue|older|newer|older post|newer post|older posts|newer posts|up|top|back|back to top|to top|back to the top|back to archive|back to home|home|index|contents|table of contents|main page|all issues|all posts|main|start|skip to content|skip to main content|jump to content|edit this page|edit this page on github|edit on github|suggest an edit|diese seite bearbeiten|modifier cette page|editar esta página|编辑此页|编辑本页|編輯此頁|このページを編集|" +
	"zurück|weiter|vorherige|nächste|vorherige ausgabe|nächste ausgabe|nach oben|startseite|précédent|suivant|numéro précédent|numéro suivant|accueil|retour|sommaire|anterior|siguiente|inicio|índice|próximo|próxima|início|precedente|successivo|indice|vorige|volgende|föregående|nästa|forrige|neste|næste|edellinen|seuraava|poprzedni|następny|předchozí|další|предыдущий|следующий|предыдущий выпуск|следующий выпуск|назад|далее|вперёд|наверх|главная|" +
	"上一篇|下一篇|上一期|下一期|上一页|下一页|首页|目录|返回|返回顶部|前へ|次へ|前の記事|次の記事|トップ|目次|이전|다음|이전 글|다음 글|목록|처음으로|السابق|التالي|الرئيسية|قبلی|بعدی|צפה בקודם|הבא|הקודם")

// archiveTexts stand above a list of other issues.
var archiveTexts = plain.NewWords("archive|archives|previous issues|past issues|older issues|recent issues|back issues|all issues|more issues|other issues|previous editions|past editions|archiv|frühere ausgaben|ältere ausgaben|numéros précédents|anciens numéros|números anteriores|ediciones anteriores|edições anteriores|numeri precedenti|архив|прошлые выпуски|предыдущие выпуски|往期|往期回顾|往期文章|历史文章|バックナンバー|지난 호|지난호")

// relatedTexts stand above a list of other texts of the same site.
var relatedTexts = plain.NewWords("related|related posts|related articles|related content|you might also like|you may also like|recent posts|read next|ähnliche beiträge|articles similaires|artículos relacionados|entradas relacionadas|artigos relacionados|articoli correlati|похожие записи|相关文章|相關文章|関連記事|관련 글")

// labelled matches a line such as "Prev: Volume 1 Next: Issue 1-2".
var labelled = regexp.MustCompile(`(?i)(?:^|[\s|·«‹←»›→])(prev|previous|next|up|older|newer|zurück|weiter|vorherige|nächste|précédent|suivant|anterior|siguiente|próximo|próxima|precedente|successivo|vorige|volgende|предыдущий|следующий|назад|далее|上一篇|下一篇|上一期|下一期|前へ|次へ|이전|다음)(?: (?:issue|post|article|page|week|edition|ausgabe|numéro|número|numero|выпуск))?\s*[:：]`)

func isArrow(r rune) bool {
	switch r {
	case '«', '»', '‹', '›', '←', '→':
		return true
	}
	return false
}

// isNavigation reports whether a paragraph leads to other pages of the site: to the
// issues before and after, or to its main page.
func isNavigation(n page.Node) bool {
	if n.Kind != digest.Paragraph {
		return false
	}
	text := digest.TextOf(n.Spans)
	if len(text) > plain.MaxLine || digest.Width(text) > maxFurnitureLine {
		return false
	}
	if strings.Count(text, ":")+strings.Count(text, "：") > 1 && len(labelled.FindAllString(text, 2)) == 2 {
		return true
	}
	if leadsBothWays(n.Spans) {
		return true
	}
	parts, arrows := 0, strings.ContainsFunc(text, isArrow)
	for _, s := range n.Spans {
		for part := range menuParts(strings.ToLower(strings.ReplaceAll(s.Text, "\n", "|"))) {
			if len(part) > maxNavPart && !arrows {
				return false
			}
			folded := plain.FoldLine(part)
			switch {
			case folded == "":
			case navTexts[folded], arrows && onlyNavTexts(folded):
				parts++
			case !weakTexts[folded]:
				return false
			}
		}
	}
	return parts > 0
}

// maxNavPart is longer, in bytes, than everything in lists of words that lead to other pages: most
// paragraphs need not be folded to know that they do not.
const maxNavPart = 200

// onlyNavTexts reports whether each word of a text leads to another page.
func onlyNavTexts(folded string) bool {
	return !slices.ContainsFunc(strings.Fields(folded), func(word string) bool { return !navTexts[word] })
}

// leadsBothWays reports whether a line consists of two links with arrows that point away
// from each other, such as "← Issue 8 | Issue 10 →".
func leadsBothWays(spans []digest.Span) bool {
	text := strings.TrimSpace(digest.TextOf(spans))
	if !startsWithAny(text, "←", "⟵", "«", "‹", "⬅") || !endsWithAny(text, "→", "⟶", "»", "›", "➡", "➡\ufe0f") {
		return false
	}
	targets := map[string]bool{}
	for _, s := range spans {
		if s.Link != "" {
			targets[s.Link] = true
		} else if strings.ContainsFunc(s.Text, unicode.IsLetter) {
			return false
		}
	}
	return len(targets) == 2
}

func startsWithAny(text string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(text, p) })
}

func endsWithAny(text string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(text, s) })
}

// isArchive reports whether a node is a list of other issues or texts, which a label above
// it says.
func isArchive(nodes []page.Node, at int) bool {
	if at == 0 || nodes[at].Kind != digest.List {
		return false
	}
	label := nodes[at-1]
	folded := plain.FoldLine(digest.TextOf(outline.Head(label.Spans)))
	return label.Kind == digest.Paragraph && archiveTexts[folded] || (label.Kind == digest.Paragraph || label.Kind == digest.Heading) && relatedTexts[folded]
}
