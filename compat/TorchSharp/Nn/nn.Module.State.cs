namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The live tensors by dotted name; a shared parameter appears under each of its names.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (path, module) in SelfAndBelow(true, string.IsNullOrEmpty(prefix) ? "" : prefix + "."))
                {
                    foreach (var (name, parameter) in module._parameters)
                        destination.TryAdd(path + name, parameter);
                    foreach (var (name, buffer, persistent) in module._buffers)
                    {
                        if (persistent)
                            destination.TryAdd(path + name, buffer);
                    }
                }

                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                skip ??= [];
                var own = state_dict();
                var missing = own.Keys.Where(k => !source.ContainsKey(k) && !skip.Contains(k)).ToList();
                var unexpected = source.Keys.Where(k => !own.ContainsKey(k) && !skip.Contains(k)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException($"The state does not fit: missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");
                using var gradients = no_grad();
                foreach (var (key, target) in own)
                {
                    if (source.TryGetValue(key, out var value) && !skip.Contains(key))
                        target.copy_(value);
                }

                return (missing, unexpected);
            }
        }
    }
}
