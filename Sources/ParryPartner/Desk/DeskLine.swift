/// How a part of a line looks where there are colours. What it says never depends on them.
package enum DeskStyle: Sendable, Hashable {
    case plain
    case bold
    case dim
    case good
    case warning
    case danger
    /// The bar of a TEST environment, and that of a LIVE one.
    case test
    case live
    case selected

    fileprivate var code: String {
        switch self {
        case .plain: "0"
        case .bold: "1"
        case .dim: "2"
        case .good: "32"
        case .warning: "33"
        case .danger: "1;31"
        case .test: "1;30;46"
        case .live: "1;97;41"
        case .selected: "7"
        }
    }
}

/// A line of the screen.
package struct DeskLine: Sendable, Hashable {
    /// A part of one look.
    package struct Span: Sendable, Hashable {
        package let text: String
        package let style: DeskStyle
    }

    package private(set) var spans: [Span] = []

    /// A line of one look.
    package init(_ text: String = "", _ style: DeskStyle = .plain) {
        add(text, style)
    }

    /// Goes on with another look.
    package mutating func add(_ text: String, _ style: DeskStyle = .plain) {
        guard !text.isEmpty else { return }
        spans.append(Span(text: text, style: style))
    }

    /// The line without its looks, and without spaces at its end.
    package var text: String {
        let whole = spans.map(\.text).joined()
        return String(whole.reversed().drop { $0 == " " }.reversed())
    }

    /// The line in exactly so many columns.
    package func fitted(_ columns: Int) -> DeskLine {
        var fitted = DeskLine()
        var left = columns
        for span in spans where left > 0 {
            let text = DeskText.cut(span.text, left)
            fitted.add(text, span.style)
            left -= DeskText.width(text)
        }
        fitted.add(String(repeating: " ", count: max(0, left)), spans.last?.filling ?? .plain)
        return fitted
    }

    /// For a terminal with colours.
    package var coloured: String {
        spans.map { span in
            span.style == .plain ? span.text : "\u{1B}[\(span.style.code)m\(span.text)\u{1B}[0m"
        }.joined()
    }
}

extension DeskLine.Span {
    /// Bars go on to the edge.
    fileprivate var filling: DeskStyle {
        switch style {
        case .test, .live, .selected: style
        default: .plain
        }
    }
}
