/// Somebody changed a thing after it was shown to who edits it, so nothing has been saved: they see the change first.
package struct ChangedMeanwhile: Error, Equatable {
    /// - Parameters:
    ///   - seen: The version that was shown; nil for callers that do not say.
    ///   - version: The version that there is now.
    /// - Throws: ``ChangedMeanwhile`` when they differ.
    static func refuse(
        seen: Int64?, instead version: Int64
    ) throws(ChangedMeanwhile) {
        if let seen, seen != version { throw ChangedMeanwhile() }
    }
}
