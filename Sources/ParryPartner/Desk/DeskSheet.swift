/// Lines of headings and named values, broken to so many columns.
package struct DeskSheet: Sendable {
    package private(set) var lines: [DeskLine] = []
    private let columns: Int

    private static let labelColumns = 20

    package init(columns: Int) {
        self.columns = columns
    }

    /// Begins a part.
    package mutating func heading(_ text: String) {
        if !lines.isEmpty { lines.append(DeskLine()) }
        lines.append(DeskLine(DeskText.cut(text, columns), .bold))
    }

    /// A value under its name; nothing where there is none.
    package mutating func value(_ label: String, _ text: String?, _ style: DeskStyle = .plain) {
        guard let text, !text.isEmpty else { return }
        let room = columns - Self.labelColumns - 2
        var label = label
        for piece in DeskText.wrap(text, room) {
            var line = DeskLine("  " + DeskText.fit(label, Self.labelColumns), .dim)
            line.add(piece, style)
            lines.append(line)
            label = ""
        }
    }

    /// A sentence of its own.
    package mutating func text(_ text: String, _ style: DeskStyle = .plain) {
        for piece in DeskText.wrap(text, columns - 2) {
            lines.append(DeskLine("  " + piece, style))
        }
    }
}
