extension Plot {
    /// A share of something, day by day; the line is broken where there is nothing to share.
    ///
    /// - Parameter parts: Of each day: how many there were, and how many of them.
    init(
        days: [String], _ parts: [(of: Int64, count: Int64)], id: String, title: String,
        summary: String, labels: (of: String, count: String)
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        (width, height) = (PlotFrame.width, PlotFrame.height)
        table = PlotTable(
            head: "Day", columns: [labels.of, labels.count, "Share"],
            rows: zip(days, parts).map { day, part in
                PlotTable.Row(
                    label: day,
                    cells: [
                        Money.count(part.of), Money.count(part.count),
                        shareText(part.count, of: part.of),
                    ])
            })
        let frame = PlotFrame(columns: days.count)
        let numbers = frame.across([(0, "0 %"), (0.5, "50 %"), (1, "100 %")])
        axes = numbers.0
        words = numbers.1 + frame.below(days.map(Self.short), all: false)
        let path = Self.line(parts, frame)
        shapes = path.isEmpty ? [] : [Shape(style: "plot-line", path: path)]
    }

    private static func line(_ parts: [(of: Int64, count: Int64)], _ frame: PlotFrame) -> String {
        var path = ""
        var isDrawing = false
        for (index, part) in parts.enumerated() {
            guard part.of > 0 else {
                isDrawing = false
                continue
            }
            let y = plotNumber(frame.y(Double(part.count) / Double(part.of)))
            path += "\(isDrawing ? "L" : "M")\(plotNumber(frame.middle(index))) \(y)"
            // A day between two without anything is a point.
            if !isDrawing { path += "h1" }
            isDrawing = true
        }
        return path
    }
}

/// `12.5 %`; a dash of nothing.
func shareText(_ part: Int64, of whole: Int64) -> String {
    guard whole > 0 else { return "–" }
    let tenths = Int64((Double(part) * 1_000 / Double(whole)).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
}
