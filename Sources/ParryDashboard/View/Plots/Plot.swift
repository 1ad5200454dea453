/// A drawing, and the same numbers as a table. Templates show it with `{{#page.plot}}{{>plot}}{{/page.plot}}`.
///
/// It is drawn in units of a narrow telephone, so that its words can be read there; wider pages enlarge it.
struct Plot: Sendable {
    /// Unique on the page.
    let id: String
    let title: String
    /// What one sees, in a sentence, for who does not.
    let summary: String
    let width: Int
    let height: Int
    var axes: [Axis] = []
    var shapes: [Shape] = []
    var words: [Word] = []
    /// What the colours mean; empty for one colour alone.
    var legend: [LegendItem] = []
    let table: PlotTable
    /// A sentence below the drawing.
    var note: String?

    /// A line of the frame.
    struct Axis: Sendable {
        let x1: String
        let y1: String
        let x2: String
        let y2: String
    }

    /// Everything of one colour.
    struct Shape: Sendable {
        /// A class of the style sheet.
        let style: String
        let path: String
    }

    /// A text of the drawing.
    struct Word: Sendable {
        let x: String
        let y: String
        /// `start`, `middle` or `end`.
        let anchor: String
        let text: String
    }

    /// A colour and what it means.
    struct LegendItem: Sendable {
        let style: String
        let label: String
    }
}

/// The numbers of a drawing.
struct PlotTable: Sendable {
    /// Of the first column.
    let head: String
    let columns: [String]
    let rows: [Row]

    /// A line of the table.
    struct Row: Sendable {
        let label: String
        let cells: [String]
    }
}

/// One kind of what is counted.
struct PlotSeries: Sendable {
    let label: String
    /// A class of the style sheet: `s1` to `s5`.
    let style: String
    let values: [Int64]
}
