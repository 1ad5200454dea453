/// Bounds that every JSON body has to keep, whatever its schema.
///
/// They cap the stack and the memory one request can claim before its content is looked at.
public enum JSONLimits {
    /// The deepest nesting of objects and arrays: the root container is level 1.
    public static let depthMax = 32

    /// The most nodes in one document; a member counts as two, its name and its value.
    public static let nodesMax = 1_000_000

    /// The most bytes in one document, so that offsets fit 32 bits.
    public static let bytesMax = Int(UInt32.max)
}
