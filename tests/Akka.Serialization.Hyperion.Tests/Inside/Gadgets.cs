namespace Akka.Serialization.Hyperion.Tests.Inside;

/// <summary>Types that have been used to turn the reading of a name into the running of code, or could be: those of the
/// published collections, and what opens files, sockets, processes and assemblies. First the assembly, then the types;
/// whether an assembly exists here does not matter.</summary>
internal static class Gadgets
{
    private const string Listed = """
        PresentationFramework: System.Windows.Data.ObjectDataProvider System.Windows.ResourceDictionary
          System.Windows.Data.XmlDataProvider System.Windows.Markup.XamlReader System.Windows.Markup.ParserContext
          System.Windows.Application System.Windows.Controls.WebBrowser System.Windows.Data.BindingListCollectionView
          System.Windows.Documents.TextRange System.Windows.Window
        PresentationCore: System.Windows.Media.Imaging.BitmapImage System.Windows.DataObject
          System.Windows.Media.MediaPlayer System.Windows.Input.Cursor
        Microsoft.PowerShell.Editor: Microsoft.VisualStudio.Text.Formatting.TextFormattingRunProperties
        System.Management.Automation: System.Management.Automation.PSObject System.Management.Automation.ScriptBlock
          System.Management.Automation.PowerShell System.Management.Automation.Runspaces.Pipeline
          System.Management.Automation.CmdletInfo
        System.Configuration.Install: System.Configuration.Install.AssemblyInstaller
          System.Configuration.Install.TransactedInstaller System.Configuration.Install.InstallException
        System.Activities.Presentation: System.Activities.Presentation.WorkflowDesigner
          System.Activities.Presentation.View.WorkflowViewElement
        System.Workflow.ComponentModel: System.Workflow.ComponentModel.Serialization.ActivitySurrogateSelector
          System.Workflow.ComponentModel.AppSettings
          System.Workflow.ComponentModel.Serialization.ActivitySurrogateSelector+ObjectSurrogate+ObjectSerializedRef
          System.Workflow.ComponentModel.Design.ActivityDesigner
          System.Workflow.ComponentModel.Serialization.ActivityCodeDomSerializer
          System.Workflow.ComponentModel.Compiler.WorkflowCompilerParameters
        System.Windows.Forms: System.Windows.Forms.AxHost+State System.Windows.Forms.BindingSource
          System.Resources.ResXResourceReader System.Resources.ResXResourceSet System.Resources.ResXFileRef
          System.Resources.ResXDataNode System.Windows.Forms.ImageListStreamer System.Windows.Forms.DataObject
          System.Windows.Forms.TreeNode System.Windows.Forms.ListViewItem System.Windows.Forms.PropertyGrid
          System.Windows.Forms.WebBrowser
        System.Web: System.Web.UI.LosFormatter System.Web.UI.ObjectStateFormatter System.Web.Security.RolePrincipal
          System.Web.UI.WebControls.SqlDataSource
          System.Web.UI.MobileControls.SessionViewState+SessionViewStateHistoryItem
          System.Web.Compilation.BuildManager System.Web.HttpApplication System.Web.UI.Page
          System.Web.UI.WebControls.ObjectDataSource System.Web.UI.WebControls.XmlDataSource
        System.Web.Mobile: System.Web.UI.MobileControls.SessionViewState
        System.Data.Services: System.Data.Services.Internal.ExpandedWrapper`2
        System.Data: System.Data.DataViewManager System.Data.DataSet System.Data.DataTable
          System.Data.SqlClient.SqlConnection System.Data.DataView
        System.Data.Common: System.Data.DataSet System.Data.DataTable System.Data.DataViewManager System.Data.DataView
          System.Data.DataRelation System.Data.Common.DbConnectionStringBuilder System.Data.TypedDataSetGenerator
        System.Xaml: System.Xaml.XamlServices System.Windows.Markup.XamlReader System.Xaml.XamlXmlReader
        System.IdentityModel: System.IdentityModel.Tokens.SessionSecurityToken
          System.IdentityModel.Tokens.X509SecurityToken System.IdentityModel.Tokens.BootstrapContext
        System.ServiceModel: System.ServiceModel.Security.MessageSecurityException
          System.ServiceModel.Channels.BinaryMessageEncodingBindingElement System.ServiceModel.ClientBase`1
        System.Runtime.Remoting: System.Runtime.Remoting.Channels.Tcp.TcpChannel
          System.Runtime.Remoting.Channels.Http.HttpChannel
        mscorlib: System.Security.Principal.WindowsIdentity System.Security.Principal.WindowsPrincipal
          System.Security.Claims.ClaimsIdentity System.Security.Claims.ClaimsPrincipal
          System.DelegateSerializationHolder System.Runtime.Remoting.ObjRef System.Security.Policy.Evidence
          System.UnitySerializationHolder System.Reflection.MemberInfoSerializationHolder
          System.Resources.ResourceReader System.Resources.ResourceSet System.AppDomain System.AppDomainSetup
          System.Activator System.Reflection.Assembly System.Reflection.MethodInfo System.Delegate
          System.MulticastDelegate System.Action System.Func`1 System.Comparison`1 System.Collections.Hashtable
          System.Collections.SortedList System.Collections.Generic.ComparisonComparer`1 System.Collections.ArrayList
          System.Runtime.Serialization.Formatters.Binary.BinaryFormatter
          System.Runtime.Remoting.Messaging.HeaderHandler System.IO.FileInfo System.IO.DirectoryInfo
          System.IO.FileStream System.IO.FileSystemInfo System.IO.File System.Environment
          System.Globalization.CultureInfo System.Security.Policy.HashMembershipCondition
          System.Diagnostics.StackTrace System.Threading.Thread System.Text.RegularExpressions.Regex
          System.Runtime.InteropServices.Marshal System.Runtime.InteropServices.SafeHandle System.Weakreference
        System.Private.CoreLib: System.DelegateSerializationHolder System.UnitySerializationHolder System.Action
          System.Func`2 System.Comparison`1 System.Delegate System.Type System.RuntimeType
          System.Reflection.RuntimeAssembly System.Reflection.RuntimeMethodInfo System.Reflection.Emit.DynamicMethod
          System.Runtime.Loader.AssemblyLoadContext System.Resources.ResourceReader System.Resources.ResourceManager
          System.Collections.Hashtable System.Collections.ArrayList System.Collections.Generic.ComparisonComparer`1
          System.Lazy`1 System.IO.FileStream System.IO.FileInfo System.IO.FileSystemWatcher System.IO.StreamWriter
          System.Security.Principal.GenericIdentity System.Security.Claims.ClaimsIdentity System.Threading.Tasks.Task
          System.Threading.Timer System.Threading.CancellationTokenSource System.Runtime.CompilerServices.Closure
          System.Runtime.InteropServices.GCHandle System.IntPtr System.AppDomain System.Environment
          System.Globalization.CultureInfo System.OperatingSystem System.WeakReference
          System.Diagnostics.Tracing.EventSource Microsoft.Win32.SafeHandles.SafeFileHandle
          System.Runtime.Serialization.SerializationInfo
        System: System.CodeDom.Compiler.TempFileCollection System.CodeDom.Compiler.CompilerResults
          System.CodeDom.Compiler.CodeDomProvider System.Diagnostics.Process System.Diagnostics.ProcessStartInfo
          System.Diagnostics.EventLog System.Net.WebClient System.Net.HttpWebRequest System.Net.Sockets.Socket
          System.Net.Mail.SmtpClient System.ComponentModel.Design.DesigntimeLicenseContextSerializer
          System.Collections.Generic.SortedSet`1+TreeSubSet System.Configuration.SettingsPropertyValue
          System.ComponentModel.BackgroundWorker System.Timers.Timer System.Media.SoundPlayer
          Microsoft.Win32.PowerModeChangedEventHandler
        System.CodeDom: System.CodeDom.Compiler.TempFileCollection System.CodeDom.Compiler.CompilerResults
          Microsoft.CSharp.CSharpCodeProvider
        System.Diagnostics.Process: System.Diagnostics.Process System.Diagnostics.ProcessStartInfo
        System.Net.Http: System.Net.Http.HttpClient System.Net.Http.HttpRequestMessage
        System.Net.Sockets: System.Net.Sockets.Socket System.Net.Sockets.TcpClient System.Net.Sockets.NetworkStream
        System.Net.WebClient: System.Net.WebClient
        System.Net.Mail: System.Net.Mail.SmtpClient
        System.IO.FileSystem.Watcher: System.IO.FileSystemWatcher
        System.IO.Packaging: System.IO.Packaging.ZipPackage
        System.Private.Xml: System.Xml.XmlDocument System.Xml.Xsl.XslCompiledTransform System.Xml.Xsl.XslTransform
          System.Xml.Serialization.XmlSerializer System.Xml.XmlTextReader
        System.Security.Cryptography.X509Certificates: System.Security.Cryptography.X509Certificates.X509Certificate2
          System.Security.Cryptography.X509Certificates.X509Store
        System.Security.Principal.Windows: System.Security.Principal.WindowsIdentity
          System.Security.Principal.WindowsPrincipal
        System.Linq: System.Linq.Enumerable System.Linq.EnumerableQuery`1
        System.Linq.Expressions: System.Linq.Expressions.LambdaExpression System.Dynamic.ExpandoObject
          System.Runtime.CompilerServices.CallSite
        System.ComponentModel.TypeConverter: System.ComponentModel.ReferenceConverter
          System.ComponentModel.Design.DesigntimeLicenseContextSerializer System.ComponentModel.TypeDescriptor
          System.Timers.Timer
        System.Drawing.Common: System.Drawing.Bitmap System.Drawing.Icon System.Drawing.Font
        Microsoft.VisualBasic.Core: Microsoft.VisualBasic.Interaction Microsoft.VisualBasic.FileSystem
        Microsoft.CSharp: Microsoft.CSharp.CSharpCodeProvider Microsoft.CSharp.RuntimeBinder.Binder
        System.Runtime.Serialization.Formatters: System.Runtime.Serialization.Formatters.Binary.BinaryFormatter
          System.Runtime.Serialization.Formatter
        Microsoft.Build.Tasks.Core: Microsoft.Build.Tasks.Exec Microsoft.Build.Tasks.XslTransformation
        Microsoft.Build.Framework: Microsoft.Build.Framework.XamlTypes.Rule
        Microsoft.Exchange.Data: Microsoft.Exchange.Data.ApprovedApplication
        NHibernate: NHibernate.Criterion.Order NHibernate.Engine.TypedValue
        log4net: log4net.Appender.AdoNetAppender
        Newtonsoft.Json: Newtonsoft.Json.Linq.JObject Newtonsoft.Json.JsonSerializer
          Newtonsoft.Json.Converters.ExpandoObjectConverter Newtonsoft.Json.Serialization.JsonPropertyCollection
        Google.Protobuf: Google.Protobuf.Reflection.FileDescriptor Google.Protobuf.CodedInputStream
        Akka: Akka.Actor.Internal.ActorSystemImpl Akka.Actor.LocalActorRef Akka.Actor.Props Akka.Actor.Deploy
          Akka.Configuration.Config Akka.Serialization.WireTypes Akka.Serialization.NewtonSoftJsonSerializer
          Akka.Actor.ActorCell Akka.Dispatch.Mailbox
        Akka.Remote: Akka.Remote.RemoteActorRef Akka.Remote.RemoteActorRefProvider Akka.Remote.Transport.Remoting
        xunit.core: Xunit.Record
        """;

    /// <summary>Full names, with their assemblies.</summary>
    public static IReadOnlyList<(string Type, string Assembly)> All { get; } = [.. Parse()];

    private static IEnumerable<(string Type, string Assembly)> Parse()
    {
        string assembly = "";
        foreach (string word in Listed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.EndsWith(':')) assembly = word[..^1];
            else yield return (word, assembly);
        }
    }
}
