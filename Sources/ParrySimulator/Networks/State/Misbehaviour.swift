package import ParryWire

/// How the networks misbehave on purpose, until it is used up or replaced (`POST
/// /control/misbehave`).
package struct Misbehaviour: Sendable, Equatable {
    /// The next so many outcomes are refused with an error that may be tried again.
    package var recoverableOutcomes = 0
    /// The next so many outcomes are refused for good; none of them counts.
    package var finalOutcomes = 0
    /// The next so many enrolments fail, whatever they ask for.
    package var failedEnrolments = 0
    /// The next so many pushes of alerts are sent twice.
    package var duplicatePushes = 0
    /// The next so many requests of the platform are answered 503 and not looked at.
    package var unavailable = 0
    /// Every answer to the platform comes so much later; what it asked for is done at once.
    package var slowSeconds = 0
    /// Alerts of a push and of a feed's batch change places, and an enrolment's intermediate result
    /// comes after its final one.
    package var isOutOfOrder = false

    /// Networks that behave.
    package init() {}

    /// Counts one down.
    ///
    /// - Returns: Whether there was one left.
    mutating func take(_ counter: WritableKeyPath<Misbehaviour, Int>) -> Bool {
        guard self[keyPath: counter] > 0 else { return false }
        self[keyPath: counter] -= 1
        return true
    }

    /// Writes what is left of it, in the form in which it is asked for.
    package func write(into json: inout JSONWriter) {
        json.beginObject()
        json.key("outcomes")
        json.beginObject()
        json.field("recoverable", recoverableOutcomes)
        json.field("final", finalOutcomes)
        json.endObject()
        json.field("failEnrolments", failedEnrolments)
        json.field("duplicatePushes", duplicatePushes)
        json.field("unavailable", unavailable)
        json.field("slowSeconds", slowSeconds)
        json.field("outOfOrder", isOutOfOrder)
        json.endObject()
    }
}
