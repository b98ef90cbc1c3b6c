using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A node of the tree that holds parameters, buffers and submodules under names.</summary>
        public partial class Module : IDisposable
        {
            private readonly List<(string Name, Module Module)> _modules = [];
            private readonly List<(string Name, Parameter Parameter)> _parameters = [];
            private readonly List<(string Name, Tensor Buffer, bool Persistent)> _buffers = [];
            private readonly string _name;

            protected Module(string name) => _name = name;

            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            public virtual void register_module(string name, Module submodule)
            {
                RequireFree(name);
                _modules.Add((name, submodule));
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                RequireFree(name);
                _parameters.Add((name, param));
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                RequireFree(name);
                _buffers.Add((name, tensor, persistent));
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach (var (path, module) in SelfAndBelow(recurse))
                {
                    foreach (var (name, parameter) in module._parameters)
                    {
                        if (seen.Add(parameter))
                            yield return (path + name, parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                foreach (var (path, module) in SelfAndBelow(recurse))
                {
                    foreach (var (name, buffer, persistent) in module._buffers)
                    {
                        if (persistent)
                            yield return (path + name, buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                foreach (var (_, module) in SelfAndBelow(recurse))
                {
                    foreach (var (_, buffer, persistent) in module._buffers)
                    {
                        if (persistent || include_nonpersistent)
                            yield return buffer;
                    }
                }
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => _modules.Select(m => (m.Name, m.Module));

            public virtual IEnumerable<Module> children() => _modules.Select(m => m.Module);

            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                SelfAndBelow(true).Skip(1).Select(m => (m.Path[..^1], m.Module));

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, module) in _modules)
                    module.apply(fn);
                fn(this);
                return this;
            }

            public virtual void train(bool train = true)
            {
                foreach (var (_, module) in SelfAndBelow(true))
                    module.training = train;
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                        parameter.grad = null;
                    else
                        parameter.grad?.fill_(0);
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                _parameters.ForEach(p => p.Parameter.Dispose());
                _buffers.ForEach(b => b.Buffer.Dispose());
                _modules.ForEach(m => m.Module.Dispose());
            }

            internal Parameter? Reregister(string name, Parameter? old, Parameter? fresh)
            {
                _parameters.RemoveAll(p => p.Name == name);
                if (fresh is not null)
                    _parameters.Add((name, fresh));
                if (!ReferenceEquals(old, fresh))
                    old?.Dispose();
                return fresh;
            }

            internal void ClearModules() => _modules.Clear();

            private IEnumerable<(string Path, Module Module)> SelfAndBelow(bool recurse, string path = "")
            {
                yield return (path, this);
                if (!recurse)
                    yield break;
                foreach (var (name, child) in _modules)
                {
                    foreach (var below in child.SelfAndBelow(true, path + name + "."))
                        yield return below;
                }
            }

            private void RequireFree(string name)
            {
                if (_modules.Any(m => m.Name == name) || _parameters.Any(p => p.Name == name) || _buffers.Any(b => b.Name == name))
                    throw new InvalidOperationException($"The module {_name} already has a component named {name}.");
            }
        }
    }
}
