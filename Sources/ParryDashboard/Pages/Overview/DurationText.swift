/// A length of time in its largest units: `3 min`, `2.5 h`, `4 days`.
enum DurationText {
    static func text(_ milliseconds: Int64) -> String {
        let seconds = Double(max(milliseconds, 0)) / 1_000
        return switch seconds {
        case ..<1: "less than a second"
        case ..<120: "\(Int(seconds.rounded())) s"
        case ..<7_200: "\(Int((seconds / 60).rounded())) min"
        case ..<172_800: "\(plotNumber(seconds / 3_600)) h"
        default: "\(plotNumber(seconds / 86_400)) days"
        }
    }
}
