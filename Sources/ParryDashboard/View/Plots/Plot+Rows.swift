/// A bar that lies, with its name before it and its numbers behind it.
struct PlotRow: Sendable {
    let label: String
    /// How long the bar is.
    let length: Double
    /// Behind the bar.
    let text: String
    /// The cells of the table.
    let cells: [String]
    var style = "s1"
}

extension Plot {
    private static let rowHeight = 24
    private static let barLeft = 118.0
    private static let barRight = 230.0
    /// Letters that fit before a bar.
    private static let lettersMax = 20

    /// Bars below each other, as long as their shares of the longest.
    init(
        rows: [PlotRow], id: String, title: String, summary: String, head: String,
        columns: [String]
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        width = PlotFrame.width
        height = max(rows.count, 1) * Self.rowHeight + 8
        table = PlotTable(
            head: head, columns: columns,
            rows: rows.map { PlotTable.Row(label: $0.label, cells: $0.cells) })
        let greatest = max(rows.map(\.length).max() ?? 0, 0.000_001)
        axes = [
            Axis(
                x1: plotNumber(Self.barLeft), y1: "0", x2: plotNumber(Self.barLeft),
                y2: String(height))
        ]
        for (index, row) in rows.enumerated() {
            let y = Double(index * Self.rowHeight + 8)
            let length = row.length / greatest * (Self.barRight - Self.barLeft)
            if row.length > 0 {
                let path =
                    "M\(plotNumber(Self.barLeft)) \(plotNumber(y))h\(plotNumber(max(length, 1)))"
                    + "v14h-\(plotNumber(max(length, 1)))z"
                shapes.append(Shape(style: row.style, path: path))
            }
            let base = plotNumber(y + 11)
            words.append(
                Word(
                    x: plotNumber(Self.barLeft - 6), y: base, anchor: "end",
                    text: Self.cut(row.label)))
            words.append(
                Word(
                    x: plotNumber(Self.barLeft + max(length, 0) + 6), y: base, anchor: "start",
                    text: row.text))
        }
    }

    private static func cut(_ label: String) -> String {
        label.count <= lettersMax ? label : label.prefix(lettersMax - 1) + "…"
    }
}
