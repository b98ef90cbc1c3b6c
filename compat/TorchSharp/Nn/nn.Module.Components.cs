using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Registers every field that is a module, a parameter or a tensor, the derived class first.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in Fields())
                {
                    var name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    switch (field.GetValue(this))
                    {
                        case Module module when !_modules.Any(m => m.Name == name):
                            register_module(name, module);
                            break;
                        case Parameter parameter when !_parameters.Any(p => p.Name == name):
                            register_parameter(name, parameter);
                            break;
                        case Tensor tensor when tensor is not Modules.Parameter && !_buffers.Any(b => b.Name == name):
                            register_buffer(name, tensor);
                            break;
                    }
                }
            }

            internal void Convert(ScalarType? dtype, Device? device)
            {
                foreach (var (_, module) in SelfAndBelow(true))
                    module.ConvertOwn(dtype, device);
            }

            // Replaces what changes, in the lists and in the fields: optimizers must collect parameters afterwards.
            private void ConvertOwn(ScalarType? dtype, Device? device)
            {
                for (var i = 0; i < _parameters.Count; i++)
                {
                    var (name, old) = _parameters[i];
                    if (!Changes(old, dtype, device))
                        continue;
                    using var gradients = no_grad();
                    var fresh = new Parameter(Moved(old, dtype, device), old.requires_grad);
                    _parameters[i] = (name, fresh);
                    Replace(old, fresh);
                }

                for (var i = 0; i < _buffers.Count; i++)
                {
                    var (name, old, persistent) = _buffers[i];
                    if (!Changes(old, dtype, device))
                        continue;
                    var fresh = Moved(old, dtype, device);
                    _buffers[i] = (name, fresh, persistent);
                    Replace(old, fresh);
                }
            }

            private static bool Changes(Tensor tensor, ScalarType? dtype, Device? device) =>
                (dtype is { } type && tensor.is_floating_point() && tensor.dtype != type)
                || (device is not null && (tensor.device_type != device.type || (device.index >= 0 && tensor.device_index != device.index)));

            private static Tensor Moved(Tensor old, ScalarType? dtype, Device? device) =>
                old.detach().to(old.is_floating_point() ? dtype ?? old.dtype : old.dtype, device ?? old.device).DetachFromDisposeScope();

            private void Replace(Tensor old, Tensor fresh)
            {
                foreach (var field in Fields())
                {
                    if (ReferenceEquals(field.GetValue(this), old))
                        field.SetValue(this, fresh);
                }

                old.Dispose();
            }

            private IEnumerable<FieldInfo> Fields()
            {
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                    foreach (var field in type.GetFields(All))
                        yield return field;
                }
            }
        }
    }
}
